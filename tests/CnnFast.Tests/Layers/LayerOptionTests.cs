using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>Options that are out of range are rejected when the layer is described.</summary>
public sealed class LayerOptionTests
{
    public static TheoryData<Func<Layer>, string> OutOfRange => new()
    {
        { () => new Conv2D(0, 3), "Conv2D: filters is 0; expected at least 1." },
        { () => new Conv2D(8, -1, name: "stem"), "Conv2D 'stem': kernel height is -1; expected at least 1." },
        { () => new Conv2D(8, (3, 0)), "Conv2D: kernel width is 0; expected at least 1." },
        { () => new Conv2D(8, 3, stride: 0), "Conv2D: stride height is 0; expected at least 1." },
        { () => new Conv2D(8, 3, dilation: (1, 0)), "Conv2D: dilation width is 0; expected at least 1." },
        { () => new Conv2D(8, 3, groups: 0), "Conv2D: groups is 0; expected at least 1." },
        { () => new Conv2DTranspose(0, 3), "Conv2DTranspose: filters is 0; expected at least 1." },
        { () => new Conv2DTranspose(4, 3, groups: 0, name: "up"), "Conv2DTranspose 'up': groups is 0; expected at least 1." },
        { () => new Conv2DTranspose(4, 3, stride: 2, outputPadding: (0, 2)),
            "Conv2DTranspose: outputPadding width is 2; expected at least 0 and below the larger of stride 2 and dilation 1." },
        { () => new Conv2DTranspose(4, 3, outputPadding: (-1, 0)),
            "Conv2DTranspose: outputPadding height is -1; expected at least 0 and below the larger of stride 1 and dilation 1." },
        { () => new Conv2DTranspose(4, 3, stride: 2, padding: Padding.Same, outputPadding: 1),
            "Conv2DTranspose: outputPadding height is 1; expected 0 with padding Same, whose output is the input times the stride." },
        { () => new DepthwiseConv2D(3, depthMultiplier: 0), "DepthwiseConv2D: depthMultiplier is 0; expected at least 1." },
        { () => new DepthwiseConv2D(0, name: "dw"), "DepthwiseConv2D 'dw': kernel height is 0; expected at least 1." },
        { () => new Conv2D(8, 3, activation: (Activation)99),
            $"Conv2D: activation is 99; expected one of {string.Join(", ", Enum.GetNames<Activation>())}." },
        { () => new BatchNormalization(epsilon: 0), "BatchNormalization: epsilon is 0; expected a finite number above 0." },
        { () => new BatchNormalization(epsilon: float.PositiveInfinity, name: "bn"),
            "BatchNormalization 'bn': epsilon is Infinity; expected a finite number above 0." },
        { () => new BatchNormalization(momentum: 1), "BatchNormalization: momentum is 1; expected at least 0 and below 1." },
        { () => new Dense(0), "Dense: units is 0; expected at least 1." },
        { () => new MaxPool2D(0), "MaxPool2D: pool height is 0; expected at least 1." },
        { () => new AveragePool2D(2, stride: (1, -2)), "AveragePool2D: stride width is -2; expected at least 1." },
        { () => new Dropout(1), "Dropout: rate is 1; expected at least 0 and below 1." },
        { () => new Dropout(-0.25f), "Dropout: rate is -0.25; expected at least 0 and below 1." },
        { () => new Dropout(float.NaN), "Dropout: rate is NaN; expected at least 0 and below 1." },
        { () => new ZeroPadding2D(1, 0, -2, 0), "ZeroPadding2D: bottom is -2; expected at least 0." },
        { () => new ZeroPadding2D((0, -1)), "ZeroPadding2D: left is -1; expected at least 0." },
        { () => new UpSampling2D((2, 0)), "UpSampling2D: size width is 0; expected at least 1." },
        { () => new UpSampling2D(2, (Interpolation)2), "UpSampling2D: interpolation is 2; expected one of Nearest, Bilinear." },
        { () => new Rescaling(float.NaN), "Rescaling: scale is NaN; expected a finite number." },
        { () => new Rescaling(1, float.PositiveInfinity), "Rescaling: offset is Infinity; expected a finite number." },
        { () => new LeakyReLU(-0.5f), "LeakyReLU: negative slope is -0.5; expected a finite number of at least 0." },
        { () => new LeakyReLU(float.PositiveInfinity, name: "leak"),
            "LeakyReLU 'leak': negative slope is Infinity; expected a finite number of at least 0." },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void An_option_out_of_range_is_rejected(Func<Layer> create, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<ArgumentOutOfRangeException>(create).Message, StringComparison.Ordinal);

    [Fact]
    public void A_target_shape_has_one_open_dimension_at_most()
    {
        Assert.StartsWith("Reshape: targetShape is (2, 0); expected", Assert.Throws<ArgumentException>(() => new Reshape([2, 0])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Reshape: targetShape is (-1, -1); expected",
            Assert.Throws<ArgumentException>(() => new Reshape([-1, -1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Reshape: targetShape is (); expected", Assert.Throws<ArgumentException>(() => new Reshape([])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    public void A_name_that_no_file_or_table_can_hold_is_rejected(string name) =>
        Assert.Throws<ArgumentException>(() => new ReLU(name));

    [Fact]
    public void A_parameter_takes_only_as_many_values_as_it_has()
    {
        Parameter filter = new Sequential(new Dense(3)).Build(new Shape(2)).Parameters[0];
        filter.Assign([1, 2, 3, 4, 5, 6]);
        Assert.Equal([1, 2, 3, 4, 5, 6], filter.Values.ToArray());
        Assert.Equal("Parameter 'dense_1.filter': 5 values were given; expected 6 for the shape [2, 3].",
            Assert.Throws<ShapeException>(() => filter.Assign([1, 2, 3, 4, 5])).Message);
    }
}
