namespace CnnFast.Graphs;

/// <summary>Mean and variance of every channel, the last dimension, over all places of a sample; gamma and beta <c>[C]</c>.</summary>
internal sealed record InstanceNormalizationOperation(float Epsilon, bool UseScale, bool UseOffset)
    : ChannelGroupNormalizationOperation(Epsilon, UseScale, UseOffset)
{
    public override string Kind => "InstanceNormalization";

    public override string NamePrefix => "instance_normalization";

    public static Operation Read(AttributeReader json) =>
        new InstanceNormalizationOperation(json.Single("epsilon"), json.Boolean("use_scale"), json.Boolean("use_offset"));

    public override int GroupsOf(int channels) => channels;

    public override Shape NumbersOf(string name, Shape input) => input.Rank > 2
        ? new Shape(input[input.Rank - 1])
        : throw new ShapeException($"{Who(name)}: input has shape {ShapeText.OfBatch(input)}, one value a channel; " +
            "expected images (N, H, W, C) or sequences (N, L, C).");
}
