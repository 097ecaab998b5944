using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// Normalisation by mean and variance of parts of a sample, the same in training and inference: y = gamma·(x − mean) / √(variance +
/// Epsilon) + beta. Parameters: gamma (with UseScale), beta (with UseOffset).
/// </summary>
internal abstract record SampleNormalizationOperation(float Epsilon, bool UseScale, bool UseOffset) : Operation
{
    /// <summary>Where beta is among the parameters; gamma is the first.</summary>
    public int BetaIndex => UseScale ? 1 : 0;

    public override bool CanOverwrite(int input) => true;

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("epsilon", Epsilon);
        json.WriteBoolean("use_scale", UseScale);
        json.WriteBoolean("use_offset", UseOffset);
    }

    public override void Validate(string who) => OptionCheck.AboveZero(who, "epsilon", Epsilon);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        _ = NumbersOf(name, inputs[0]);
        return inputs[0];
    }

    public override IReadOnlyList<ParameterInfo> DescribeParameters(string name, IReadOnlyList<Shape> inputs)
    {
        Shape numbers = NumbersOf(name, inputs[0]);
        var parameters = new List<ParameterInfo>();
        if (UseScale)
            parameters.Add(new ParameterInfo($"{name}.gamma", ParameterRole.Scale, numbers, numbers.ElementCount, numbers.ElementCount));
        if (UseOffset)
            parameters.Add(new ParameterInfo($"{name}.beta", ParameterRole.Bias, numbers, numbers.ElementCount, numbers.ElementCount));
        return parameters;
    }

    /// <summary>The shape of gamma and beta.</summary>
    /// <exception cref="ShapeException">The input, batch first, does not fit.</exception>
    public abstract Shape NumbersOf(string name, Shape input);
}
