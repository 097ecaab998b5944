using CnnFast.Data;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Format;

/// <summary>How the bytes of an image become inputs, as metadata of a file: an export says it, an import reads it.</summary>
internal static class NormalizationMetadata
{
    private const string ScaleKey = "normalization.scale";
    private const string OffsetKey = "normalization.offset";

    /// <summary>The entries that say it.</summary>
    public static IEnumerable<StringStringEntryProto> Entries(Normalization normalization) =>
        [Entry(ScaleKey, NormalizationText.Scales(normalization)), Entry(OffsetKey, NormalizationText.Offsets(normalization))];

    /// <summary>Gives a model what its file says.</summary>
    /// <exception cref="DataFormatException">It says numbers for channels that the model does not have.</exception>
    public static void Read(ModelProto file, Model model)
    {
        try
        {
            model.Normalization = Of(file);
        }
        catch (ShapeException e)
        {
            throw new DataFormatException($"The metadata '{ScaleKey}' and '{OffsetKey}' do not fit the model: {e.Message}", e);
        }
    }

    /// <summary>What a file says; the default where it says nothing, or no numbers that make one.</summary>
    private static Normalization Of(ModelProto model) => Numbers(model, ScaleKey) is { } scales && !scales.Contains(0)
        && Numbers(model, OffsetKey) is { } offsets && offsets.Length == scales.Length
        ? Normalization.PerChannel(scales, offsets)
        : default;

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    private static double[]? Numbers(ModelProto model, string key)
    {
        string? text = model.MetadataProps.FirstOrDefault(entry => entry.Key == key)?.Value;
        double[]? numbers = text is null ? null : NormalizationText.TryRead(text);
        return numbers is not null && numbers.All(double.IsFinite) ? numbers : null;
    }
}
