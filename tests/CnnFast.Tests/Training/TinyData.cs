using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>A small data set that a small net can learn, and the net.</summary>
internal static class TinyData
{
    /// <summary>Images of 8×6 pixels: class k has a bright 2×2 square at a place of its own in noise.</summary>
    public static ImageDataset Create(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        var pixels = new byte[count * 8 * 6];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            Span<byte> image = pixels.AsSpan(i * 48, 48);
            foreach (ref byte pixel in image)
                pixel = (byte)random.NextInt32(90);
            labels[i] = random.NextInt32(4);
            int corner = ((labels[i] / 2 * 4) * 6) + (labels[i] % 2 * 3);
            foreach (int offset in new[] { 7, 8, 13, 14 })
                image[corner + offset] = (byte)(150 + random.NextInt32(100));
        }

        return new ImageDataset(new Shape(8, 6, 1), 4, pixels, labels);
    }

    public static Model Net(ulong seed = 1, float dropout = 0.25f)
    {
        var x = new Input(8, 6, 1);
        ModelNode a = new Conv2D(6, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(x);
        ModelNode b = new Conv2D(6, 3, padding: Padding.Same).Apply(a);
        ModelNode sum = new ReLU().Apply(new Add().Apply(a, b));
        ModelNode pooled = new Concatenate().Apply(new MaxPool2D(2).Apply(sum), new AveragePool2D(2).Apply(sum));
        ModelNode features = new Dropout(dropout).Apply(new Flatten().Apply(pooled));
        return Model.Build(x, new Softmax().Apply(new Dense(4).Apply(new Dense(16, Activation.ReLU).Apply(features))), seed);
    }

    public static byte[] Bits(Model model) =>
        [.. model.Parameters.SelectMany(parameter => System.Runtime.InteropServices.MemoryMarshal.AsBytes(parameter.Values).ToArray())];

    /// <summary>Fit under the token of the test.</summary>
    public static FitResult Train(this Trainer trainer, IDataset data, FitOptions? options = null,
        IProgress<FitProgress>? progress = null) =>
        trainer.Fit(data, options, progress, TestContext.Current.CancellationToken);

    /// <summary>Evaluate under the token of the test.</summary>
    public static EvaluationResult Evaluate(Model model, IDataset data, EvaluationOptions? options = null) =>
        Evaluator.Evaluate(model, data, options, TestContext.Current.CancellationToken);
}
