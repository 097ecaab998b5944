using CnnFast.Layers;

namespace CnnFast.Tests.Compile;

/// <summary>Sessions with weights of 16 bits in dense layers.</summary>
public sealed class WeightPrecisionTests
{
    private static readonly SessionOptions s_half = new() { WeightPrecision = WeightPrecision.BFloat16 };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public void Outputs_stay_within_the_bound_and_weights_take_half_the_memory(int batch, int threads)
    {
        Model model = new Sequential(new Dense(300)).Build(new Shape(500), seed: 1);
        var options = new SessionOptions { MaxBatch = batch, MaxThreads = threads };
        using var exact = new InferenceSession(model, options);
        using var half = new InferenceSession(model, options with { WeightPrecision = WeightPrecision.BFloat16 });
        float[] x = [.. Enumerable.Range(0, batch * 500).Select(i => MathF.Sin(i))];
        float[] y = new float[batch * 300], z = new float[batch * 300];
        exact.Run(x, y);
        half.Run(x, z);
        ReadOnlySpan<float> w = model.Parameters[0].Values;
        for (int i = 0; i < y.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < 500; k++)
                sum += Math.Abs(x[(i / 300 * 500) + k] * w[(k * 300) + (i % 300)]);
            Assert.InRange(Math.Abs(y[i] - z[i]), 0, sum / 256);
        }

        Assert.NotEqual(y, z);
        Assert.InRange(half.WeightBytes, 0, (long)(0.65 * exact.WeightBytes));
        Assert.Contains("BFloat16", half.DescribePlan().Steps[0].Kernel, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_beside_zeros_and_tiny_ones_are_kept()
    {
        // A word of packed weights whose upper half is 0 looks like a denormal float.
        Model model = new Sequential(new Dense(64)).Build(new Shape(1));
        float[] w = [.. Enumerable.Range(0, 64).Select(i => i % 3 == 0 ? 0 : i % 3 == 1 ? 1e-40f : i + 1f)];
        model.Parameters[0].Assign(w);
        using var session = new InferenceSession(model, s_half);
        var y = new float[64];
        session.Run([1], y);
        Assert.Equal(w.Select(value => float.IsSubnormal(value) ? 0 : value), y);
    }

    [Fact]
    public void Merged_layers_and_convolutions_run_beside_it()
    {
        Model model = new Sequential(
            new Conv2D(8, 3), new ReLU(), new Flatten(), new Dense(77), new BatchNormalization(), new SiLU(), new Dense(10),
            new Softmax()).Build(new Shape(9, 7, 2), seed: 2);
        float[] x = [.. Enumerable.Range(0, 126).Select(i => MathF.Cos(i))], y = new float[10], z = new float[10];
        using var exact = new InferenceSession(model);
        using var half = new InferenceSession(model, s_half);
        exact.Run(x, y);
        half.Run(x, z);
        for (int i = 0; i < 10; i++)
            Assert.Equal(y[i], z[i], 5e-3f);
        Assert.Equal(2, half.DescribePlan().Steps.Count(step => step.Kernel?.Contains("BFloat16", StringComparison.Ordinal) == true));
    }

    [Fact]
    public void A_number_that_is_none_of_its_values_is_refused()
    {
        Model model = new Sequential(new Dense(2)).Build(new Shape(2));
        Assert.ThrowsAny<ArgumentException>(() => new InferenceSession(model, new SessionOptions { WeightPrecision = (WeightPrecision)7 }));
    }
}
