using System.Globalization;
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
        [Entry(ScaleKey, normalization.Scale), Entry(OffsetKey, normalization.Offset)];

    /// <summary>What a file says; the default where it says nothing, or no numbers that make one.</summary>
    public static Normalization Of(ModelProto model) => Number(model, ScaleKey) is { } scale && scale != 0
        && Number(model, OffsetKey) is { } offset
        ? new Normalization(scale, offset)
        : default;

    private static StringStringEntryProto Entry(string key, double value) =>
        new() { Key = key, Value = value.ToString("R", CultureInfo.InvariantCulture) };

    private static double? Number(ModelProto model, string key)
    {
        string? text = model.MetadataProps.FirstOrDefault(entry => entry.Key == key)?.Value;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : null;
    }
}
