using CnnFast.Data;
using CnnFast.Files;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Format;

/// <summary>What the classes are called, as metadata of a file: an export says it, an import reads it.</summary>
internal static class ClassNamesMetadata
{
    private const string Key = "class_names";

    /// <summary>The entries that say it.</summary>
    public static IEnumerable<StringStringEntryProto> Entries(IReadOnlyList<string>? names) =>
        names is null ? [] : [new StringStringEntryProto { Key = Key, Value = JsonTexts.Write(names) }];

    /// <summary>What a file says; null where it says nothing, or not one name for each class.</summary>
    public static IReadOnlyList<string>? Of(ModelProto model, int classes)
    {
        if (model.MetadataProps.FirstOrDefault(entry => entry.Key == Key)?.Value is not { } text)
            return null;
        try
        {
            IReadOnlyList<string> names = JsonTexts.Read(Key, text);
            return names.Count == classes && names.All(ClassNameCheck.IsName) ? names : null;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }
}
