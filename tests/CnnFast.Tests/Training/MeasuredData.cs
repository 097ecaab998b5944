using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Samples of two inputs, a picture and two measures, with a class and a number to find, and a model for them.</summary>
internal static class MeasuredData
{
    /// <summary>The losses of the model's outputs, the second read first.</summary>
    public static LossTerm[] Losses =>
    [
        new(new MeanSquaredError()) { Output = "size", Target = 1, Weight = 0.25f },
        new(new SoftmaxCrossEntropy()) { Output = "kind", Target = 0 },
        new(new MeanAbsoluteError()) { Output = "size", Target = 1, Weight = 0.5f },
    ];

    /// <summary>Weights where they are asked for: 0.5, 1 and 1.5 in turn.</summary>
    public static IDataset Create(int count, ulong seed = 1, bool weighted = false)
    {
        var random = new SeededRandom(seed);
        float[] images = [.. Enumerable.Range(0, count * 48).Select(_ => (float)random.NextDouble())];
        float[] facts = [.. Enumerable.Range(0, count * 2).Select(_ => (float)random.NextDouble())];
        int[] kinds = [.. Enumerable.Range(0, count).Select(i => facts[2 * i] > facts[(2 * i) + 1] ? 2 : images[i * 48] > 0.5f ? 1 : 0)];
        float[] sizes = [.. Enumerable.Range(0, count).Select(i => facts[2 * i] + (0.5f * images[i * 48]))];
        var pictures = new ArrayDataset(new Shape(8, 6, 1), images, classes: 3, kinds);
        IDataset both = Datasets.Zip(pictures, new ArrayDataset(new Shape(2), facts, new Shape(1), sizes));
        return weighted ? both.WithSampleWeights([.. Enumerable.Range(0, count).Select(i => 0.5f + (i % 3 * 0.5f))]) : both;
    }

    public static Model Net(float dropout = 0.2f, bool normalized = true)
    {
        var image = new Input(8, 6, 1);
        var facts = new Input(2);
        ModelNode body = new Conv2D(4, 3, useBias: false).Apply(image);
        if (normalized)
            body = new BatchNormalization(name: "bn").Apply(body);
        body = new Dropout(dropout).Apply(new Flatten().Apply(new ReLU().Apply(body)));
        body = new Concatenate().Apply(body, new Dense(4, Activation.Tanh).Apply(facts));
        return Model.Build([image, facts],
            [new Softmax(name: "kind").Apply(new Dense(3).Apply(body)), new Dense(1, name: "size").Apply(body)], seed: 4);
    }

    /// <summary>Gives what another data set gives, and in one sample NaN, infinity or a label that is none.</summary>
    public sealed class Spoiled(IDataset data, int sample, float? input = null, float? value = null, int? label = null,
        float? weight = null) : IDataset
    {
        public int Count => data.Count;

        public IReadOnlyList<Shape> Inputs => data.Inputs;

        public IReadOnlyList<TargetInfo> Targets => data.Targets;

        public bool HasSampleWeights => data.HasSampleWeights;

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
        {
            data.Fill(indices, epoch, batch);
            int at = indices.IndexOf(sample);
            if (at < 0)
                return;
            if (input is { } number)
                batch.Input(1)[(2 * at) + 1] = number;
            if (value is { } target)
                batch.Values(1)[at] = target;
            if (label is { } kind)
                batch.Labels()[at] = kind;
            if (weight is { } much)
                batch.SampleWeights[at] = much;
        }
    }
}
