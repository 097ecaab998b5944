using System.Globalization;
using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// The files beside a model that hold data of its tensors (ONNX, "External Data"). Only files in the model's folder are read.
/// </summary>
internal sealed class ExternalData : IDisposable
{
    private readonly string? _folder;
    private readonly OnnxImportOptions _options;
    private readonly Dictionary<string, FileSource> _files = new(StringComparer.Ordinal);
    private readonly HashSet<TensorProto> _counted = new(ReferenceEqualityComparer.Instance);
    private long _bytes;

    /// <summary>Prepares to read; nothing is opened yet.</summary>
    /// <param name="folder">The model's folder; null where the model came from memory.</param>
    /// <param name="modelBytes">The bytes of the model's file, which count towards the limit.</param>
    /// <param name="options">The limits.</param>
    public ExternalData(string? folder, long modelBytes, OnnxImportOptions options)
    {
        _folder = folder;
        _bytes = modelBytes;
        _options = options;
    }

    /// <summary>Finds a tensor's data.</summary>
    /// <param name="tensor">The tensor, which says that its data are external.</param>
    /// <param name="subject">What messages call it.</param>
    /// <param name="needed">The bytes that its elements take.</param>
    /// <exception cref="DataFormatException">There are no such data, or they are not where a model's data may be.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public TensorData Find(TensorProto tensor, string subject, long needed)
    {
        string location = Entry(tensor, subject, "location") ?? "";
        long offset = WholeNumber(tensor, subject, "offset") ?? 0;
        long length = WholeNumber(tensor, subject, "length") ?? needed;
        if (location.Length == 0)
            throw new DataFormatException($"{subject} has external data without a location; expected the name of a file.");
        if (_folder is null)
            throw new DataFormatException($"{subject} has its data in the file {Excerpt.Of(location)}, " +
                "but the model was read from memory and has no folder; load it by its path.");
        if (length != needed)
            throw new DataFormatException($"{subject} has {length} bytes of external data; expected {needed}, as its dimensions say.");
        if (_counted.Add(tensor) && (_bytes += needed) > _options.MaxModelBytes)
            throw new DataFormatException($"{subject} makes the model and its external data {_bytes} bytes; " +
                $"expected at most {_options.MaxModelBytes}, as OnnxImportOptions.{nameof(OnnxImportOptions.MaxModelBytes)} says.");
        FileSource file = Open(ConfinedPath.Find(_folder, location, subject), subject, offset, length);
        return new TensorData(file, offset, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (FileSource file in _files.Values)
            file.Dispose();
        _files.Clear();
    }

    private FileSource Open(string path, string subject, long offset, long length)
    {
        if (_files.TryGetValue(path, out FileSource? file))
        {
            CheckHeld(file.Length);
            return file;
        }

        // A pipe has no length, so that it is refused before opening it waits for a writer.
        var info = new FileInfo(path);
        if (info.Exists)
            CheckHeld(info.Length);
        file = FileSource.Open(path, $"a file with the data of {subject}");
        _files.Add(path, file);
        CheckHeld(file.Length);
        return file;

        void CheckHeld(long held)
        {
            if (offset > held || length > held - offset)
                throw new DataFormatException($"{subject} has {length} bytes of external data from byte {offset} of '{path}', " +
                    $"which has {held} bytes; expected them within it.");
        }
    }

    private static long? WholeNumber(TensorProto tensor, string subject, string key)
    {
        string? text = Entry(tensor, subject, key);
        if (text is null)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new DataFormatException(
                $"{subject} has external data whose {key} is {Excerpt.Of(text)}; expected a whole number of bytes.");
    }

    private static string? Entry(TensorProto tensor, string subject, string key)
    {
        string? found = null;
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            if (entry.Key != key)
                continue;
            if (found is not null)
                throw new DataFormatException($"{subject} has external data that give the {key} twice; expected it once.");
            found = entry.Value;
        }

        return found;
    }
}
