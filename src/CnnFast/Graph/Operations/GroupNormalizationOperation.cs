using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>Mean and variance of groups of channels, the last dimension, over all places of a sample; gamma and beta <c>[C]</c>.</summary>
/// <param name="Groups">Groups of neighbouring channels, which divide the channels.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="UseScale">Whether there is a gamma.</param>
/// <param name="UseOffset">Whether there is a beta.</param>
internal sealed record GroupNormalizationOperation(int Groups, float Epsilon, bool UseScale, bool UseOffset)
    : ChannelGroupNormalizationOperation(Epsilon, UseScale, UseOffset)
{
    public override string Kind => "GroupNormalization";

    public override string NamePrefix => "group_normalization";

    public static Operation Read(AttributeReader json) => new GroupNormalizationOperation(json.Int32("groups"), json.Single("epsilon"),
        json.Boolean("use_scale"), json.Boolean("use_offset"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("groups", Groups);
        base.WriteAttributes(json);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "groups", Groups, 1);
        base.Validate(who);
    }

    public override int GroupsOf(int channels) => Groups;

    public override Shape NumbersOf(string name, Shape input)
    {
        int channels = input[input.Rank - 1];
        return channels % Groups == 0
            ? new Shape(channels)
            : throw new ShapeException($"{Who(name)}: groups {Groups} must divide the {channels} channels; the input has shape " +
                $"{ShapeText.OfBatch(input)}.");
    }
}
