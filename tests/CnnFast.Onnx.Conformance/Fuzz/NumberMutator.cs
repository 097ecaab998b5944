using System.Buffers.Binary;
using CnnFast.Onnx.Proto;
using Google.Protobuf;
using AttributeType = CnnFast.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Conformance.Fuzz;

/// <summary>
/// Changes the meaning of sound models, the same way from the same seed: numbers of attributes and constants, dimensions, types,
/// names, operators and operator sets.
/// </summary>
internal sealed class NumberMutator(int seed)
{
    private const int MaxChanges = 3;

    private static readonly string[] s_operators =
    [
        "Conv", "ConvTranspose", "MaxPool", "AveragePool", "Gemm", "MatMul", "Reshape", "Expand", "Tile", "Pad", "Resize", "Slice",
        "Gather", "Concat", "Split", "Transpose", "Flatten", "Squeeze", "Unsqueeze",
        "ConstantOfShape", "Range", "Add", "Mul", "Div", "Pow", "Where", "Cast", "Softmax", "ReduceSum", "ArgMax", "TopK",
        "BatchNormalization", "LayerNormalization", "GroupNormalization", "DepthToSpace", "Identity", "Shape", "Clip", "PRelu", "LRN",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next mutant.</summary>
    public byte[] Mutate(ModelProto original)
    {
        ModelProto model = original.Clone();
        int changes = 1 + _random.Next(MaxChanges);
        for (int i = 0; i < changes; i++)
            Change(model);
        return model.ToByteArray();
    }

    private void Change(ModelProto model)
    {
        GraphProto graph = model.Graph;
        NodeProto? node = Any(graph.Node);
        switch (_random.Next(12))
        {
            case < 4 when node is { Attribute.Count: > 0 }:
                Change(Any(node.Attribute)!);
                break;
            case < 7 when Any(graph.Initializer) is { } tensor:
                Change(tensor);
                break;
            case 7 when Any(graph.Input.Concat(graph.Output).ToList())?.Type?.TensorType is { } type:
                if (_random.Next(4) == 0)
                    type.ElemType = _random.Next(17);
                else if (Any(type.Shape?.Dim ?? []) is { } dimension)
                    dimension.DimValue = Number();
                break;
            case 8 when node is { Input.Count: > 0 }:
                string[] values = [.. graph.Node.SelectMany(other => other.Output), .. graph.Input.Select(value => value.Name),
                    .. graph.Initializer.Select(tensor => tensor.Name), ""];
                node.Input[_random.Next(node.Input.Count)] = values[_random.Next(values.Length)];
                break;
            case 9 when node is not null:
                node.OpType = s_operators[_random.Next(s_operators.Length)];
                break;
            case 10 when Any(model.OpsetImport) is { } opset:
                opset.Version = 1 + _random.Next(24);
                break;
            case 11 when node is { Input.Count: > 0 }:
                if (_random.Next(2) == 0)
                    node.Input.RemoveAt(_random.Next(node.Input.Count));
                else
                    node.Input.Add(node.Input[_random.Next(node.Input.Count)]);
                break;
            case 0 when node is not null:
                node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeType.Int, I = Number() });
                break;
        }
    }

    private void Change(AttributeProto attribute)
    {
        if (_random.Next(8) == 0)
        {
            attribute.Type = (AttributeType)_random.Next(1, 9);
            (attribute.F, attribute.I) = (0, 0);
            return;
        }

        switch (attribute.Type)
        {
            case AttributeType.Int:
                attribute.I = Number();
                break;
            case AttributeType.Float:
                attribute.F = Float();
                break;
            case AttributeType.Ints when attribute.Ints.Count > 0:
                int at = _random.Next(attribute.Ints.Count);
                if (_random.Next(6) == 0)
                    attribute.Ints.RemoveAt(at);
                else
                    attribute.Ints[at] = Number();
                break;
            case AttributeType.Floats when attribute.Floats.Count > 0:
                attribute.Floats[_random.Next(attribute.Floats.Count)] = Float();
                break;
            case AttributeType.String:
                attribute.S = ByteString.CopyFromUtf8(new[] { "", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET", "linear", "cubic",
                    "nearest", "reflect", "edge", "wrap", "constant", "align_corners", "CRD" }[_random.Next(14)]);
                break;
            case AttributeType.Tensor when attribute.T is not null:
                Change(attribute.T);
                break;
        }
    }

    private void Change(TensorProto tensor)
    {
        if (_random.Next(5) == 0)
        {
            if (_random.Next(3) == 0)
                tensor.DataType = _random.Next(17);
            else if (tensor.Dims.Count > 0)
                tensor.Dims[_random.Next(tensor.Dims.Count)] = Number();
            return;
        }

        byte[] bytes = tensor.RawData.ToByteArray();
        var type = (DataType)tensor.DataType;
        int size = type is DataType.Int64 or DataType.Double ? 8 : type is DataType.Uint8 or DataType.Bool ? 1 : 4;
        if (bytes.Length < size)
            return;
        int at = _random.Next(bytes.Length / size) * size;
        if (size == 8)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), Number());
        else if (type == DataType.Float)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), Float());
        else if (size == 4)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), (int)Number());
        else
            bytes[at] = (byte)Number();
        tensor.RawData = ByteString.CopyFrom(bytes);
    }

    private T? Any<T>(IList<T> items)
        where T : class => items.Count == 0 ? null : items[_random.Next(items.Count)];

    private long Number()
    {
        long number = _random.Next(10) switch
        {
            < 4 => _random.Next(-4, 10),
            4 => 1L << _random.Next(63),
            5 => (1L << _random.Next(63)) - 1,
            6 => int.MaxValue - _random.Next(3),
            7 => long.MaxValue - _random.Next(3),
            8 => _random.Next(1, 100_000),
            _ => 0,
        };
        return _random.Next(5) == 0 ? -number : number;
    }

    private float Float() => _random.Next(8) switch
    {
        0 => float.NaN,
        1 => float.PositiveInfinity,
        2 => 1e30f,
        3 => 1e-30f,
        4 => -1,
        5 => 0,
        _ => (float)(_random.NextDouble() * 1000),
    };
}
