using CnnFast.Onnx.Conformance.Vectors;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx.Conformance.Running;

/// <summary>Parts of models that tests put together.</summary>
internal static class NodeProtos
{
    /// <summary>A node; its attributes are whole numbers, floats, texts, arrays of these, and tensors.</summary>
    public static NodeProto Create(string op, string name, IEnumerable<string> inputs, IEnumerable<string> outputs,
        params IEnumerable<(string Name, object Value)> attributes)
    {
        var node = new NodeProto { OpType = op, Name = name, Input = { inputs }, Output = { outputs } };
        foreach ((string attribute, object value) in attributes)
        {
            node.Attribute.Add(value switch
            {
                int i => new AttributeProto { Name = attribute, I = i, Type = AttributeProto.Types.AttributeType.Int },
                float f => new AttributeProto { Name = attribute, F = f, Type = AttributeProto.Types.AttributeType.Float },
                string s => new AttributeProto
                {
                    Name = attribute,
                    S = ByteString.CopyFromUtf8(s),
                    Type = AttributeProto.Types.AttributeType.String,
                },
                int[] ints => new AttributeProto
                {
                    Name = attribute,
                    Ints = { ints.Select(v => (long)v) },
                    Type = AttributeProto.Types.AttributeType.Ints,
                },
                float[] floats =>
                    new AttributeProto { Name = attribute, Floats = { floats }, Type = AttributeProto.Types.AttributeType.Floats },
                _ => new AttributeProto
                {
                    Name = attribute,
                    T = VectorTensor.Write("", (OnnxTensor)value),
                    Type = AttributeProto.Types.AttributeType.Tensor,
                },
            });
        }

        return node;
    }

    /// <summary>What an input or output is.</summary>
    public static ValueInfoProto Value(string name, ElementType type, IReadOnlyList<int>? dimensions, bool dynamic)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)VectorTensor.DataType(type) };
        if (dimensions is not null)
        {
            tensor.Shape = new TensorShapeProto();
            for (int i = 0; i < dimensions.Count; i++)
                tensor.Shape.Dim.Add(dynamic
                    ? new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{i}" }
                    : new TensorShapeProto.Types.Dimension { DimValue = dimensions[i] });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
