using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests.Compile;

/// <summary>Weights below 2⁻¹²⁶ are zeros where they are packed, unless the user keeps them; activations keep theirs.</summary>
public sealed class DenormalWeightsTests
{
    [Theory]
    [InlineData(ConvAlgorithm.Direct)]
    [InlineData(ConvAlgorithm.Winograd2)]
    [InlineData(ConvAlgorithm.Winograd4)]
    [InlineData(ConvAlgorithm.Auto)]
    public void A_model_with_denormal_weights_gives_the_bits_of_the_flushed_one(ConvAlgorithm algorithm)
    {
        Model model = Net(), flushed = Net();
        foreach ((Parameter a, Parameter b) in model.Parameters.Zip(flushed.Parameters))
        {
            float[] values = a.Values.ToArray();
            for (int i = 0; i < values.Length; i += 3)
                values[i] = i % 2 == 0 ? 1e-40f : -3e-39f;
            if (a.Decays)
                a.Assign(values);
            if (b.Decays)
                b.Assign(values.Select(value => float.IsSubnormal(value) ? MathF.CopySign(0, value) : value).ToArray());
        }

        foreach (int threads in (int[])[1, 2])
            Assert.Equal(Run(flushed, new SessionOptions { ConvAlgorithm = algorithm, MaxThreads = threads }),
                Run(model, new SessionOptions { ConvAlgorithm = algorithm, MaxThreads = threads }));
        Assert.Contains(model.Parameters[0].Values.ToArray(), float.IsSubnormal);
    }

    [Fact]
    public void They_stay_where_the_user_keeps_them()
    {
        Model model = new Sequential(new Dense(3)).Build(new Shape(2));
        model.Parameters[0].Assign([1e-40f, 1e-40f, 1e-40f, 0, 0, 0]);
        float[] x = [1e38f, 1], y = new float[3];
        using var session = new InferenceSession(model);
        session.Run(x, y);
        Assert.Equal([0, 0, 0], y);
        using var kept = new InferenceSession(model, new SessionOptions { KeepDenormalWeights = true });
        kept.Run(x, y);
        Assert.All(y, value => Assert.InRange(value, 0.0099f, 0.0101f));
    }

    [Fact]
    public void Activations_keep_what_they_are()
    {
        Model model = new Sequential(new Dense(1), new ReLU()).Build(new Shape(1));
        model.Parameters[0].Assign([1]);
        using var session = new InferenceSession(model);
        var y = new float[1];
        session.Run([1e-40f], y);
        Assert.Equal(1e-40f, y[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Training_takes_them_for_zeros_too(int parameter)
    {
        float[] LossesOf(float tiny)
        {
            Model model = new Sequential(new Conv2D(4, 3), new ReLU(), new Flatten(), new Dense(3), new Softmax())
                .Build(new Shape(6, 5, 2));
            float[] filter = model.Parameters[parameter].Values.ToArray();
            for (int i = 0; i < filter.Length; i += 2)
                filter[i] = tiny;
            model.Parameters[parameter].Assign(filter);
            var options = new TrainingSessionOptions { MaxBatch = 2, Losses = [new LossTerm(new SoftmaxCrossEntropy())] };
            var session = new TrainingSession(model, options);

            // So large that denormal weights would be seen.
            session.Forward(2, [.. Enumerable.Range(0, 120).Select(i => 1e37f * MathF.Sin(i))]);
            float loss = (float)session.Loss([1, 2]);
            session.Backward();
            return [loss, .. session.Gradient(model.Parameters[0]), .. session.Gradient(model.Parameters[^1])];
        }

        Assert.Equal(LossesOf(0), LossesOf(1e-39f));
    }

    private static Model Net() => new Sequential(
        new Conv2D(24, 3, padding: Padding.Same), new BatchNormalization(), new ReLU(), new Conv2D(40, 3, padding: Padding.Same),
        new ReLU(), new DepthwiseConv2D(3), new Conv2D(17, 1), new GlobalAveragePool2D(), new Dense(10))
        .Build(new Shape(20, 19, 3), seed: 3);

    private static float[] Run(Model model, SessionOptions options)
    {
        using var session = new InferenceSession(model, options);
        float[] x = [.. Enumerable.Range(0, model.InputShape.ElementCount).Select(i => MathF.Cos(i * 0.37f))], y = new float[10];
        session.Run(x, y);
        return y;
    }
}
