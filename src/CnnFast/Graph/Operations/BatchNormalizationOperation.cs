using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// y = gamma·(x − mean) / √(variance + Epsilon) + beta for every channel, the last dimension, of any shape: with the batch's
/// statistics in training (unless they are frozen), with the moving ones in inference. Parameters: gamma (with UseScale), beta (with
/// UseOffset), moving_mean, moving_variance.
/// </summary>
internal sealed record BatchNormalizationOperation(float Epsilon, float Momentum, bool UseScale, bool UseOffset) : Operation, IChannelAffine
{
    /// <summary>Whether the batch's variance is given to the moving one times n / (n − 1), n the pixels.</summary>
    public bool UnbiasedVariance { get; init; }

    public override string Kind => "BatchNormalization";

    public override string NamePrefix => "batch_normalization";

    /// <summary>Where gamma is among the parameters; −1 without.</summary>
    public int GammaIndex => UseScale ? 0 : -1;

    /// <summary>Where beta is among the parameters; −1 without.</summary>
    public int BetaIndex => UseOffset ? GammaIndex + 1 : -1;

    /// <summary>Where the moving mean is among the parameters.</summary>
    public int MeanIndex => (UseScale ? 1 : 0) + (UseOffset ? 1 : 0);

    /// <summary>Where the moving variance is among the parameters.</summary>
    public int VarianceIndex => MeanIndex + 1;

    public static Operation Read(AttributeReader json) =>
        new BatchNormalizationOperation(json.Single("epsilon"), json.Single("momentum"), json.Boolean("use_scale"),
            json.Boolean("use_offset"))
        {
            UnbiasedVariance = json.Has("unbiased_variance") && json.Boolean("unbiased_variance"),
        };

    /// <summary>Channels of a shape, batch first.</summary>
    public static int ChannelsOf(Shape shape) => shape[shape.Rank - 1];

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("epsilon", Epsilon);
        json.WriteNumber("momentum", Momentum);
        json.WriteBoolean("use_scale", UseScale);
        json.WriteBoolean("use_offset", UseOffset);
        if (UnbiasedVariance)
            json.WriteBoolean("unbiased_variance", true);
    }

    public override void Validate(string who)
    {
        OptionCheck.AboveZero(who, "epsilon", Epsilon);
        OptionCheck.FromZeroBelow(who, "momentum", Momentum, 1);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        int channels = ChannelsOf(inputs[0]);
        var parameters = new List<ParameterInfo>();
        if (UseScale)
            parameters.Add(ParameterInfo.Channels($"{name}.gamma", ParameterRole.Scale, channels));
        if (UseOffset)
            parameters.Add(ParameterInfo.Channels($"{name}.beta", ParameterRole.Bias, channels));
        parameters.Add(ParameterInfo.Channels($"{name}.moving_mean", ParameterRole.Mean, channels) with { Momentum = Momentum });
        parameters.Add(ParameterInfo.Channels($"{name}.moving_variance", ParameterRole.Variance, channels) with { Momentum = Momentum });
        return parameters;
    }

    public void ScaleAndShift(ParameterValues parameters, Span<double> scale, Span<double> shift)
    {
        ReadOnlySpan<float> gamma = UseScale ? parameters[GammaIndex] : default;
        ReadOnlySpan<float> beta = UseOffset ? parameters[BetaIndex] : default;
        ReadOnlySpan<float> mean = parameters[MeanIndex];
        ReadOnlySpan<float> variance = parameters[VarianceIndex];
        for (int c = 0; c < mean.Length; c++)
        {
            scale[c] = (UseScale ? gamma[c] : 1) / Math.Sqrt(variance[c] + (double)Epsilon);
            shift[c] = (UseOffset ? beta[c] : 0) - (mean[c] * scale[c]);
        }
    }

    public override bool CanOverwrite(int input) => true;

    public override ForwardStep CreateForward(NodeShapes shapes) => new BatchNormalizationForwardStep(this, ChannelsOf(shapes.Input));

    public override ForwardStep CreateTrainingForward(NodeShapes shapes, GradientNeeds needs) => needs.HasFlag(GradientNeeds.Statistics)
        ? new BatchNormalizationTrainingStep(this, shapes.Name, shapes.Input)
        : CreateForward(shapes);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new BatchNormalizationBackwardStep(this, shapes.Input, needs);
}
