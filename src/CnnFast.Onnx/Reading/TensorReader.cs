namespace CnnFast.Onnx.Reading;

/// <summary>A tensor whose elements are read when they are asked for, all or some.</summary>
internal sealed class TensorReader
{
    private readonly Func<byte[]>? _decode;
    private readonly TensorData _data;
    private readonly TensorEncoding _encoding;
    private readonly Proto.TensorProto.Types.DataType _type;

    /// <summary>A tensor whose elements lie one after the other.</summary>
    /// <param name="type">What they are in the file.</param>
    /// <param name="encoding">The encoding of that type.</param>
    /// <param name="data">Where they are.</param>
    /// <param name="dimensions">The dimensions, which the data fit.</param>
    public TensorReader(Proto.TensorProto.Types.DataType type, TensorEncoding encoding, in TensorData data, int[] dimensions)
        : this(encoding.ElementType, dimensions)
    {
        (_type, _encoding, _data) = (type, encoding, data);
    }

    /// <summary>A tensor whose elements are read all at once.</summary>
    /// <param name="elementType">What they are in memory.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="decode">Reads the elements as they lie in memory.</param>
    public TensorReader(ElementType elementType, int[] dimensions, Func<byte[]> decode)
        : this(elementType, dimensions)
    {
        _decode = decode;
    }

    private TensorReader(ElementType elementType, int[] dimensions)
    {
        ElementType = elementType;
        Dimensions = dimensions;
        Count = (int)OnnxTensor.CountOf(dimensions)!;
    }

    /// <summary>What the elements are in memory.</summary>
    public ElementType ElementType { get; }

    /// <summary>The dimensions.</summary>
    public int[] Dimensions { get; }

    /// <summary>How many elements there are.</summary>
    public int Count { get; }

    /// <summary>Whether some elements can be read without the others.</summary>
    public bool ReadsParts => _decode is null;

    /// <summary>Reads all elements.</summary>
    /// <exception cref="DataFormatException">They are damaged.</exception>
    public OnnxTensor Read()
    {
        if (_decode is not null)
            return new OnnxTensor(ElementType, _decode(), Dimensions);
        byte[] values = GC.AllocateUninitializedArray<byte>(Count * ElementTypes.SizeOf(ElementType));
        Read(0, values);
        return new OnnxTensor(ElementType, values, Dimensions);
    }

    /// <summary>Reads some elements of a tensor that allows it.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="destination">Receives as many as it holds.</param>
    /// <exception cref="DataFormatException">The file has become shorter.</exception>
    public void Read(int first, Span<byte> destination)
    {
        long count = destination.Length / ElementTypes.SizeOf(ElementType);
        RawTensor.Read(new TensorData(_data.Source, _data.Offset + ((long)first * _encoding.FileBytes), count * _encoding.FileBytes), _type,
            destination);
    }
}
