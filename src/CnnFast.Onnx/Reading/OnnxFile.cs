using CnnFast.Onnx.Proto;
using DataLocation = CnnFast.Onnx.Proto.TensorProto.Types.DataLocation;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// An ONNX file that is open. Its graph is in memory; the data of larger tensors stay where they are until they are asked for, and are not
/// kept. Not thread-safe.
/// </summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly ByteSource _source;
    private readonly ExternalData _external;
    private readonly OnnxImportOptions _options;
    private readonly Dictionary<TensorProto, TensorSegment> _segments;
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<TensorProto, string> _owners = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _notes = [];
    private readonly HashSet<TensorProto> _noted = new(ReferenceEqualityComparer.Instance);

    private OnnxFile(ByteSource source, string? folder, OnnxImportOptions options)
    {
        _source = source;
        _options = options;
        _external = new ExternalData(folder, source.Length, options);
        var reader = new ModelReader(source, options);
        Model = reader.Read();
        _segments = reader.Segments;
        foreach (TensorProto tensor in Model.Graph?.Initializer ?? [])
            _initializers.TryAdd(tensor.Name, tensor);
        NameTensors(Model.Graph);
    }

    /// <summary>The limits.</summary>
    public OnnxImportOptions Options => _options;

    /// <summary>What messages call the file: its path.</summary>
    public string Name => _source.Name;

    /// <summary>The model. The data of its tensors are partly in the file alone; <see cref="ReadTensor"/> has them all.</summary>
    public ModelProto Model { get; }

    /// <summary>What was converted as tensors were read, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file; external data are looked for in its folder.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or asks for more than the options allow.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static OnnxFile Open(string path, OnnxImportOptions options)
    {
        options.Validate();
        FileSource source = FileSource.Open(path, "an ONNX model");
        try
        {
            return new OnnxFile(source, Path.GetDirectoryName(Path.GetFullPath(path)), options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that is in memory; it has no external data.</summary>
    /// <param name="bytes">The file, not to be changed while this is used.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or asks for more than the options allow.</exception>
    public static OnnxFile Read(ReadOnlyMemory<byte> bytes, OnnxImportOptions options)
    {
        options.Validate();
        return new OnnxFile(new MemorySource(bytes) { Name = "the model in memory" }, null, options);
    }

    /// <summary>Reads an initializer of the graph.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="DataFormatException">There is none of this name, or it is damaged.</exception>
    /// <exception cref="NotSupportedException">Tensors of its type are not read.</exception>
    public OnnxTensor ReadInitializer(string name) => _initializers.TryGetValue(name, out TensorProto? tensor)
        ? ReadTensor(tensor)
        : throw new DataFormatException(
            $"'{Name}' holds no initializer {Excerpt.Of(name)}; expected one among its {_initializers.Count} initializers.");

    /// <summary>Reads a tensor of the model, or one of another file whose data are in memory.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">Tensors of its type are not read.</exception>
    public OnnxTensor ReadTensor(TensorProto tensor) => OpenTensor(tensor).Read();

    /// <summary>
    /// Finds the elements of a tensor of the model, or of one of another file whose data are in memory, and checks how many they are.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">Tensors of its type are not read.</exception>
    public TensorReader OpenTensor(TensorProto tensor)
    {
        string subject = $"'{Name}': {LabelOf(tensor)}";
        if (TensorEncoding.Of((DataType)tensor.DataType) is not { } encoding)
            throw UnreadType(tensor, subject);
        if (tensor.Segment is not null)
            throw new NotSupportedException($"{subject} is written in segments, which are not supported.");
        int[] dimensions = Dimensions.Of(tensor, subject, out int count);
        CheckSize(subject, (long)count * ElementTypes.SizeOf(encoding.ElementType));
        TensorSegment? segment = _segments.TryGetValue(tensor, out TensorSegment left) ? left : null;
        var elements = new TensorElements(tensor, subject, encoding, dimensions, count);
        TensorReader reader = tensor.DataLocation switch
        {
            DataLocation.Default => elements.Open(_source, segment),
            DataLocation.External => elements.OpenExternal(_external.Find(tensor, subject, (long)count * encoding.FileBytes), segment),
            _ => throw new DataFormatException(
                $"{subject} has its data at the location {(int)tensor.DataLocation}; expected 0 (in the file) or 1 (external)."),
        };
        if (encoding.IsConverted && _noted.Add(tensor))
            _notes.Add($"{LabelOf(tensor)}: {TensorEncoding.NameOf(tensor.DataType)} read as float32");
        return reader;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _external.Dispose();
        _source.Dispose();
    }

    private void CheckSize(string subject, long bytes)
    {
        long limit = Math.Min(_options.MaxTensorBytes, Array.MaxLength);
        if (bytes > limit)
            throw new DataFormatException($"{subject} takes {bytes} bytes; expected at most {limit}, " +
                $"as OnnxImportOptions.{nameof(OnnxImportOptions.MaxTensorBytes)} says.");
    }

    private static Exception UnreadType(TensorProto tensor, string subject) => tensor.DataType == (int)DataType.Undefined
        ? new DataFormatException($"{subject} has no type; expected one.")
        : new NotSupportedException($"{subject} is of type {TensorEncoding.NameOf(tensor.DataType)}; supported are float, float16, " +
            "bfloat16, double, int32, int64, uint8 and bool.");

    private string LabelOf(TensorProto tensor)
    {
        if (tensor.Name.Length > 0)
            return $"tensor {Excerpt.Of(tensor.Name)}";
        return _owners.TryGetValue(tensor, out string? owner) ? owner : "tensor without a name";
    }

    /// <summary>Keeps whose the tensors are that have no name, as is usual in attributes.</summary>
    private void NameTensors(GraphProto? graph)
    {
        foreach (NodeProto node in graph?.Node ?? [])
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                if (attribute.T is { Name.Length: 0 } tensor)
                    _owners.Add(tensor, $"{NodeNames.Of(node)}, attribute {Excerpt.Of(attribute.Name)}");
                NameTensors(attribute.G);
            }
        }
    }
}
