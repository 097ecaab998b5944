using CnnFast.Onnx.Proto;
using AttributeType = CnnFast.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace CnnFast.Onnx.Reading;

/// <summary>Checks that attributes are what they say.</summary>
internal static class AttributeChecker
{
    /// <summary>Checks the attributes of a node, but for graphs in them.</summary>
    /// <param name="node">The node.</param>
    /// <param name="subject">What messages call it.</param>
    /// <exception cref="DataFormatException">An attribute has no name or no type, comes twice, or holds other than its type.</exception>
    /// <exception cref="NotSupportedException">An attribute is of a type that is not supported.</exception>
    public static void Check(NodeProto node, Func<string> subject)
    {
        HashSet<string>? names = node.Attribute.Count > 1 ? new(StringComparer.Ordinal) : null;
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.Name.Length == 0)
                throw new DataFormatException($"{subject()} has an attribute without a name; expected one.");
            if (names is not null && !names.Add(attribute.Name))
                throw new DataFormatException($"{subject()} has the attribute {Excerpt.Of(attribute.Name)} twice; expected it once.");
            Check(attribute, () => $"{subject()}: attribute {Excerpt.Of(attribute.Name)}");
        }
    }

    private static void Check(AttributeProto attribute, Func<string> subject)
    {
        if (attribute.RefAttrName.Length > 0)
            throw new DataFormatException($"{subject()} stands for an attribute of a function; expected a value.");
        if (attribute.Type == AttributeType.Undefined || !Enum.IsDefined(attribute.Type))
            throw new DataFormatException($"{subject()} is of type {(int)attribute.Type}; expected one of those that ONNX has.");
        if (attribute.Type is AttributeType.SparseTensor or AttributeType.SparseTensors or AttributeType.TypeProto
            or AttributeType.TypeProtos)
            throw new NotSupportedException($"{subject()} is of type {NameOf(attribute.Type)}, which is not supported.");
        Holds(AttributeType.Float, BitConverter.SingleToUInt32Bits(attribute.F) != 0);
        Holds(AttributeType.Int, attribute.I != 0);
        Holds(AttributeType.String, attribute.S.Length > 0);
        Holds(AttributeType.Tensor, attribute.T is not null);
        Holds(AttributeType.Graph, attribute.G is not null);
        Holds(AttributeType.Floats, attribute.Floats.Count > 0);
        Holds(AttributeType.Ints, attribute.Ints.Count > 0);
        Holds(AttributeType.Strings, attribute.Strings.Count > 0);
        Holds(AttributeType.Tensors, attribute.Tensors.Count > 0);
        Holds(AttributeType.Graphs, attribute.Graphs.Count > 0);
        if ((attribute.Type == AttributeType.Tensor && attribute.T is null)
            || (attribute.Type == AttributeType.Graph && attribute.G is null))
            throw new DataFormatException($"{subject()} is of type {NameOf(attribute.Type)} and holds none; expected one.");
        if (attribute.T is not null)
            TensorChecker.Check(attribute.T, subject());
        foreach (TensorProto tensor in attribute.Tensors)
            TensorChecker.Check(tensor, subject());

        void Holds(AttributeType type, bool isHeld)
        {
            if (isHeld && type != attribute.Type)
                throw new DataFormatException(
                    $"{subject()} is of type {NameOf(attribute.Type)} but holds {NameOf(type)}; expected what its type says.");
        }
    }

    private static string NameOf(AttributeType type) => type.ToString().ToLowerInvariant();
}
