using CnnFast.Layers;

namespace CnnFast.Tests.Compile;

/// <summary>Batches whose activations leave the caches pass through the steps in parts.</summary>
public sealed class BatchSplitTests
{
    private const int MaxBatch = 16;
    private const int Samples = 4;

    /// <summary>Every number of samples, whole parts and rests, gives what each sample gives alone.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(Samples)]
    [InlineData(Samples + 1)]
    [InlineData(11)]
    [InlineData(MaxBatch)]
    public void PartsGiveTheBitsOfOneRunEach(int n)
    {
        Model model = Branches();
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch });
        using var single = new InferenceSession(model, new SessionOptions { MaxBatch = Samples });
        Assert.Equal(Samples, session.Plan.StepBatch);
        float[] x = Random(n * model.Inputs[0].Shape.ElementCount, 1);
        float[] scale = Random(n * model.Inputs[1].Shape.ElementCount, 2);
        float[][] outputs = Run(session, n, x, scale);
        for (int sample = 0; sample < n; sample++)
        {
            float[][] expected = Run(single, 1, Part(x, sample, n), Part(scale, sample, n));
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], Part(outputs[i], sample, n));
        }
    }

    /// <summary>Bytes go through in parts too.</summary>
    [Fact]
    public void BytesPassInParts()
    {
        Model model = new Sequential(new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU),
                new DepthwiseConv2D(3, padding: Padding.Same), new GlobalAveragePool2D())
            .Build(new Shape(128, 128, 3), 1);
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch, ByteInput = ByteInput.From(default) });
        using var single = new InferenceSession(model, new SessionOptions { ByteInput = ByteInput.From(default) });
        Assert.InRange(session.Plan.StepBatch, 1, MaxBatch - 1);
        var images = new byte[MaxBatch * 128 * 128 * 3];
        new Random(3).NextBytes(images);
        var all = new float[MaxBatch * 16];
        session.RunBytes(images, all, TestContext.Current.CancellationToken);
        for (int sample = 0; sample < MaxBatch; sample++)
        {
            var one = new float[16];
            single.RunBytes(images.AsSpan(sample * 128 * 128 * 3, 128 * 128 * 3), one, TestContext.Current.CancellationToken);
            Assert.Equal(one, all[(sample * 16)..((sample + 1) * 16)]);
        }
    }

    /// <summary>The times of a profile are those of all parts; a run allocates nothing.</summary>
    [Fact]
    public void RunsInPartsAllocateNothing()
    {
        Model model = Branches();
        using var session = new InferenceSession(model, new SessionOptions { MaxBatch = MaxBatch, MaxThreads = 1 });
        ReadOnlyMemory<float>[] inputs = [Random(MaxBatch * model.Inputs[0].Shape.ElementCount, 1),
            Random(MaxBatch * model.Inputs[1].Shape.ElementCount, 2)];
        Memory<float>[] outputs = [.. model.Outputs.Select(output => new Memory<float>(new float[MaxBatch * output.Shape.ElementCount]))];
        session.Run(inputs, outputs, TestContext.Current.CancellationToken);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run(inputs, outputs, TestContext.Current.CancellationToken);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.All(session.Profile(inputs, outputs, 2), node => Assert.True(node.MedianMicroseconds > 0));
    }

    // Two inputs, two outputs, a concatenation that producers write into, one of the outputs.
    private static Model Branches()
    {
        var image = new Input(new Shape(128, 128, 3), "image");
        var factors = new Input(new Shape(1, 1, 16), "factors");
        ModelNode stem = new Conv2D(16, 3, padding: Padding.Same, activation: Activation.ReLU, name: "stem").Apply(image);
        ModelNode scaled = new Multiply("scaled").Apply(stem, factors);
        ModelNode left = new Conv2D(8, 1, name: "left").Apply(scaled);
        ModelNode right = new DepthwiseConv2D(3, padding: Padding.Same, name: "right").Apply(scaled);
        ModelNode both = new Concatenate("both").Apply(left, right);
        ModelNode mean = new GlobalAveragePool2D("mean").Apply(right);
        return Model.Build([image, factors], [both, mean], seed: 5);
    }

    private static float[][] Run(InferenceSession session, int n, float[] x, float[] scale)
    {
        float[][] outputs = [.. session.Outputs.Select(output => new float[n * output.Shape.ElementCount])];
        session.Run([x, scale], [.. outputs.Select(output => output.AsMemory())], TestContext.Current.CancellationToken);
        return outputs;
    }

    private static float[] Part(float[] values, int sample, int n) =>
        values[(sample * (values.Length / n))..((sample + 1) * (values.Length / n))];

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
