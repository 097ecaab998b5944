using CnnFast.Graphs;
using CnnFast.Layers;

namespace CnnFast.Tests.Models;

/// <summary>Models of normalisation by sample, of images of other sizes, and of sequences.</summary>
internal static class LayerModels
{
    public static Model Groups(ulong seed)
    {
        var x = new Input(6, 5, 8);
        ModelNode first = new Conv2D(8, 1).Apply(x);
        ModelNode stem = new Conv2D(6, 3, useBias: false).Apply(new GroupNormalization(4).Apply(first));
        ModelNode main = new SiLU().Apply(new InstanceNormalization(epsilon: 0.01f).Apply(stem));
        ModelNode side = new Conv2D(6, 3, padding: Padding.Same)
            .Apply(new GroupNormalization(3, epsilon: 0.1f, useOffset: false).Apply(main));
        ModelNode sum = new LayerNormalization(epsilon: 0.1f).Apply(new Add().Apply(main, side));
        ModelNode image = new LayerNormalization(axis: -3, epsilon: 0.05f).Apply(new Conv2D(4, (2, 1)).Apply(sum));
        ModelNode row = new Dense(8).Apply(new Flatten().Apply(new InstanceNormalization(epsilon: 0.1f, useScale: false).Apply(image)));
        ModelNode groups = new GroupNormalization(2, epsilon: 0.1f, useScale: false).Apply(row);
        ModelNode last = new LayerNormalization(axis: 1, epsilon: 0.2f, useScale: false, useOffset: false)
            .Apply(new Dense(7).Apply(groups));
        ModelNode places = new LayerNormalization(axis: 2, epsilon: 0.1f, useScale: false).Apply(new Conv2D(3, 3, stride: 2).Apply(sum));
        ModelNode all = new Concatenate().Apply(last, new GlobalAveragePool2D().Apply(places));
        return Shaken(Model.Build(x, new Dense(3).Apply(all), seed, "groups"), seed);
    }

    public static Model Sizes(ulong seed)
    {
        var x = new Input(7, 6, 3);
        ModelNode stem = new Conv2D(8, 3, padding: Padding.Same).Apply(x);
        ModelNode large = new PixelShuffle(2).Apply(stem);
        ModelNode near = new Resizing((9, 5), Interpolation.Nearest).Apply(large);
        ModelNode corners = new Resizing((9, 5), Interpolation.Nearest, alignCorners: true).Apply(large);
        ModelNode smooth = new Resizing((9, 5)).Apply(large);
        ModelNode aligned = new Resizing((9, 5), alignCorners: true).Apply(new Conv2D(2, 2).Apply(x));
        ModelNode wide = new Resizing((1, 11)).Apply(stem);
        ModelNode joined = new Concatenate().Apply(near, corners, smooth, aligned);
        ModelNode mean = new AdaptiveAveragePool2D((4, 3)).Apply(new Conv2D(4, 2).Apply(joined));
        ModelNode peak = new AdaptiveMaxPool2D((3, 4)).Apply(new SpatialDropout(0).Apply(joined));
        ModelNode whole = new AdaptiveAveragePool2D(2).Apply(new AdaptiveMaxPool2D((7, 3)).Apply(stem));
        ModelNode grown = new AdaptiveAveragePool2D((3, 17)).Apply(wide);
        // Output paddings of the stride or more, up to the dilation: of all channels together, of each alone, of one.
        ModelNode spread = new Conv2DTranspose(4, (2, 2), stride: (1, 2), dilation: (3, 4), padding: Padding.Explicit(1),
            outputPadding: (2, 3), activation: Activation.SiLU, biasInitializer: Initializer.Constant(0.1f)).Apply(x);
        ModelNode single = new Conv2DTranspose(8, 2, dilation: (3, 2), groups: 8, outputPadding: (2, 1),
            biasInitializer: Initializer.Constant(0.2f)).Apply(stem);
        ModelNode one = new Conv2DTranspose(1, (1, 3), dilation: (1, 4), outputPadding: (0, 3), useBias: false).Apply(stem);
        ModelNode apart = new Concatenate().Apply(new GlobalMaxPool2D().Apply(spread), new GlobalAveragePool2D().Apply(single),
            new Flatten().Apply(new AdaptiveAveragePool2D((2, 3)).Apply(one)));
        ModelNode sides = new Dense(2).Apply(apart);
        ModelNode left = new Dense(5).Apply(new Flatten().Apply(mean));
        ModelNode right = new Dense(4).Apply(new Flatten().Apply(new Conv2D(2, 2).Apply(peak)));
        ModelNode rest = new Dense(3).Apply(new Flatten().Apply(whole));
        ModelNode last = new Dense(3).Apply(new Flatten().Apply(grown));
        return Model.Build(x, new Dense(3).Apply(new Concatenate().Apply(left, right, rest, last, sides)), seed, "sizes");
    }

    public static Model Sequences(ulong seed)
    {
        var x = new Input(17, 3);
        ModelNode stem = new Conv1D(6, 3, padding: Padding.Same, useBias: false).Apply(x);
        ModelNode normal = new ReLU().Apply(new BatchNormalization(epsilon: 0.1f, unbiasedMovingVariance: true).Apply(stem));
        ModelNode causal = new Conv1D(4, 2, dilation: 2, groups: 2, padding: Padding.Explicit(0, 2, 0, 0), activation: Activation.SiLU,
            biasInitializer: Initializer.Constant(0.1f)).Apply(normal);
        ModelNode peaks = new MaxPool1D(3, stride: 2, padding: Padding.Explicit(1)).Apply(causal);
        ModelNode means = new AveragePool1D(2, padding: Padding.Same, countPadding: true).Apply(new PReLU().Apply(causal));
        ModelNode joined = new Concatenate().Apply(peaks, new AveragePool1D(3, stride: 1, padding: Padding.Explicit(1)).Apply(means));
        ModelNode groups = new GroupNormalization(2, epsilon: 0.1f).Apply(joined);
        ModelNode strided = new Conv1D(5, 4, stride: 3, activation: Activation.ReLU, biasInitializer: Initializer.Constant(0.2f))
            .Apply(groups);
        ModelNode dilated = new MaxPool1D(2, stride: 1, dilation: 3).Apply(groups);
        ModelNode instance = new InstanceNormalization(epsilon: 0.1f).Apply(new SpatialDropout(0).Apply(dilated));
        ModelNode flat = new Dense(4).Apply(new Flatten().Apply(strided));
        ModelNode mean = new GlobalAveragePool1D().Apply(new LayerNormalization(epsilon: 0.2f).Apply(joined));
        ModelNode all = new Concatenate().Apply(flat, mean, new GlobalMaxPool1D().Apply(instance));
        return Shaken(Model.Build(x, new Dense(3).Apply(all), seed, "sequences"), seed);
    }

    // Scales around 1, offsets around 0.
    private static Model Shaken(Model model, ulong seed)
    {
        var random = new SeededRandom(seed, 1000);
        foreach (Parameter parameter in
            model.Parameters.Where(parameter => parameter.Name.Contains("normalization", StringComparison.Ordinal)))
        {
            double centre = parameter.Info.Role is ParameterRole.Scale or ParameterRole.Variance ? 1 : 0;
            parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount)
                .Select(_ => (float)(centre + random.NextDouble() - 0.5))]);
        }

        return model;
    }
}
