using CnnFast.Graphs;
using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>The start of the parameters: distributions, defaults and the same bits for ever.</summary>
public sealed class InitializerTests
{
    public static TheoryData<string, double> Deviations => new()
    {
        { nameof(Initializer.HeNormal), Math.Sqrt(2.0 / (9 * 32)) },
        { nameof(Initializer.HeUniform), Math.Sqrt(2.0 / (9 * 32)) },
        { nameof(Initializer.GlorotNormal), Math.Sqrt(2.0 / (9 * 96)) },
        { nameof(Initializer.GlorotUniform), Math.Sqrt(2.0 / (9 * 96)) },
    };

    [Theory]
    [MemberData(nameof(Deviations))]
    public void A_filter_starts_with_mean_0_and_the_deviation_of_its_fans(string name, double expected)
    {
        double[] values = Fill((Initializer)typeof(Initializer).GetProperty(name)!.GetValue(null)!);
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(value => value * value));
        Assert.True(Math.Abs(mean) < 4 * expected / Math.Sqrt(values.Length), $"{name}: mean {mean}");
        Assert.True(Math.Abs(deviation / expected - 1) < 0.03, $"{name}: deviation {deviation}, expected {expected}");
    }

    [Fact]
    public void A_normal_start_has_the_tails_of_a_normal_distribution()
    {
        double[] values = Fill(Initializer.ScaledNormal(2));
        foreach ((double limit, double share) in new[] { (2.0, 0.6827), (4.0, 0.9545), (6.0, 0.9973) })
        {
            double inside = values.Count(value => Math.Abs(value) < limit) / (double)values.Length;
            Assert.True(Math.Abs(inside - share) < 4 * Math.Sqrt(share * (1 - share) / values.Length),
                $"{inside} of the values are within {limit}; expected {share}");
        }
    }

    [Fact]
    public void The_bits_of_a_seed_never_change()
    {
        var random = new SeededRandom(42, 3);
        Span<float> values = stackalloc float[3];
        ((NormalInitializer)Initializer.ScaledNormal(1)).Fill(ParameterInfo.Bias("x", 3), ref random, values);
        uint[] bits = [.. values.ToArray().Select(BitConverter.SingleToUInt32Bits)];
        Assert.Equal<uint>(Expected, bits);
    }

    [Fact]
    public void Logarithm_and_cosine_agree_with_the_system()
    {
        var random = new SeededRandom(5);
        for (int i = 0; i < 10_000; i++)
        {
            double t = random.NextDouble();
            Assert.Equal(Math.Cos(2 * Math.PI * t), StableMath.CosTurns(t), 1e-14);
            double x = Math.Pow(2, (100 * t) - 60);
            Assert.True(Math.Abs(StableMath.Log(x) - Math.Log(x)) <= 1e-14 * Math.Max(1, Math.Abs(Math.Log(x))), $"log {x}");
        }

        Assert.Equal([1, -1, 1], [StableMath.CosTurns(0), StableMath.CosTurns(0.5), StableMath.CosTurns(1)]);
        Assert.Equal(0, StableMath.Log(1));
    }

    [Fact]
    public void A_filter_starts_with_He_before_a_ReLU_else_Glorot_and_a_bias_at_zero()
    {
        Model model = new Sequential(new Dense(50, Activation.ReLU), new Dense(50)).Build(new Shape(50), seed: 4);
        Assert.Equal(Math.Sqrt(2.0 / 50), Deviation(model.Parameters[0]), 0.01);
        Assert.All(model.Parameters[1].Values.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(Math.Sqrt(2.0 / 100), Deviation(model.Parameters[2]), 0.005);
        Assert.True(model.Parameters[2].Values.ToArray().Max(Math.Abs) <= Math.Sqrt(6.0 / 100));
    }

    [Theory]
    [InlineData(Activation.ReLU6, 2.0 / 50)]
    [InlineData(Activation.SiLU, 2.0 / 50)]
    [InlineData(Activation.HardSwish, 2.0 / 50)]
    [InlineData(Activation.Sigmoid, 2.0 / 100)]
    [InlineData(Activation.Tanh, 2.0 / 100)]
    public void Relatives_of_ReLU_start_with_He_and_the_others_with_Glorot(Activation activation, double variance)
    {
        Model model = new Sequential(new Dense(50, activation)).Build(new Shape(50), seed: 4);
        Assert.Equal(Math.Sqrt(variance), Deviation(model.Parameters[0]), 0.01);
    }

    [Fact]
    public void A_depthwise_filter_starts_with_the_fans_that_Keras_counts()
    {
        // [3, 5, 20, 4] in Keras: fan-in 3·5·20, fan-out 3·5·4.
        ParameterInfo info = new Sequential(new DepthwiseConv2D((3, 5), depthMultiplier: 4)).Build(new Shape(9, 9, 20)).Parameters[0].Info;
        Assert.Equal((new Shape(3, 5, 1, 80), 300, 60), (info.Shape, info.FanIn, info.FanOut));
    }

    [Fact]
    public void A_transposed_filter_starts_with_the_fans_that_Keras_counts()
    {
        ParameterInfo info = new Sequential(new Conv2DTranspose(4, (3, 5))).Build(new Shape(9, 9, 20)).Parameters[0].Info;
        Assert.Equal((new Shape(3, 5, 4, 20), 60, 300), (info.Shape, info.FanIn, info.FanOut));
    }

    [Fact]
    public void Seeds_and_positions_give_different_starts_and_the_same_seed_the_same()
    {
        var layers = new Sequential(new Dense(8), new Dense(8));
        Model one = layers.Build(new Shape(8), seed: 1);
        Assert.Equal(one.Parameters[0].Values.ToArray(), layers.Build(new Shape(8), seed: 1).Parameters[0].Values.ToArray());
        Assert.NotEqual(one.Parameters[0].Values.ToArray(), layers.Build(new Shape(8), seed: 2).Parameters[0].Values.ToArray());
        Assert.NotEqual(one.Parameters[0].Values.ToArray(), one.Parameters[2].Values.ToArray());
    }

    [Fact]
    public void Constants_and_deviations_must_be_finite()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Constant(float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.ScaledNormal(-1));
    }

    private static readonly uint[] Expected = [1050343109, 3208381338, 1052120135];

    private static double Deviation(Parameter parameter) => Math.Sqrt(parameter.Values.ToArray().Average(value => (double)value * value));

    private static double[] Fill(Initializer initializer)
    {
        var random = new SeededRandom(11);
        ParameterInfo info = ParameterInfo.Filter("x", new Shape(3, 3, 32, 64));
        var values = new float[info.Shape.ElementCount];
        initializer.Fill(info, ref random, values);
        return [.. values.Select(value => (double)value)];
    }
}
