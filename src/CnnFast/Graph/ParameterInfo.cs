namespace CnnFast.Graphs;

/// <summary>What an operation asks of a parameter before it exists.</summary>
/// <param name="Name">The full name, such as <c>conv2d_1.filter</c>.</param>
/// <param name="Role">What it is to its layer.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="FanIn">Inputs that one output reads through it.</param>
/// <param name="FanOut">Outputs that one input reaches through it.</param>
internal sealed record ParameterInfo(string Name, ParameterRole Role, Shape Shape, int FanIn, int FanOut)
{
    /// <summary>
    /// Whether it is a moving average: what training has as its gradient is the batch's value, and its update is
    /// momentum·old + (1 − momentum)·batch.
    /// </summary>
    public bool IsStatistic => Role is ParameterRole.Mean or ParameterRole.Variance;

    /// <summary>How much of a statistic stays at a training step.</summary>
    public float Momentum { get; init; }

    /// <summary>The filter of a convolution or dense layer; fans as Keras counts them: the taps times the channels of the filter.</summary>
    public static ParameterInfo Filter(string layer, Shape shape)
    {
        int ic = shape[shape.Rank - 2];
        int oc = shape[shape.Rank - 1];
        int taps = shape.ElementCount / ic / oc;
        return new ParameterInfo($"{layer}.filter", ParameterRole.Filter, shape, taps * ic, taps * oc);
    }

    /// <summary>
    /// The filter of a depthwise convolution; fans as Keras counts them, for its filter <c>[KH, KW, C, multiplier]</c>,
    /// which lies in memory as this one.
    /// </summary>
    public static ParameterInfo DepthwiseFilter(string layer, Shape shape, int multiplier)
    {
        int taps = shape[0] * shape[1];
        return new ParameterInfo($"{layer}.filter", ParameterRole.Filter, shape, shape.ElementCount / multiplier, taps * multiplier);
    }

    /// <summary>One value a channel.</summary>
    public static ParameterInfo Channels(string name, ParameterRole role, int channels) =>
        new(name, role, new Shape(channels), channels, channels);

    /// <summary>A bias of one value an output channel.</summary>
    public static ParameterInfo Bias(string layer, int channels) =>
        new($"{layer}.bias", ParameterRole.Bias, new Shape(channels), channels, channels);
}
