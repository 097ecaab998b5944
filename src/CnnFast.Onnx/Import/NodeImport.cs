using System.Diagnostics.CodeAnalysis;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Import;

/// <summary>One node of an ONNX model while it is imported: its attributes, its inputs, and where its outputs go.</summary>
internal sealed class NodeImport
{
    private readonly NodeProto _node;
    private readonly Dictionary<string, ImportedValue> _values;
    private readonly Func<TensorProto, ImportedValue> _open;
    private readonly string _file;
    // Of the first operator sets; it says nothing about the result.
    private readonly HashSet<string> _read = ["consumed_inputs"];

    /// <summary>Creates the node.</summary>
    /// <param name="file">What messages call the file.</param>
    /// <param name="node">The node.</param>
    /// <param name="opset">The version of the operator set that the model is written for.</param>
    /// <param name="graph">What is built.</param>
    /// <param name="values">The values so far, by name.</param>
    /// <param name="open">Finds the elements of a tensor attribute.</param>
    public NodeImport(string file, NodeProto node, int opset, GraphImport graph, Dictionary<string, ImportedValue> values,
        Func<TensorProto, ImportedValue> open)
    {
        _file = file;
        _node = node;
        _values = values;
        _open = open;
        Opset = opset;
        Graph = graph;
    }

    /// <summary>The version of the operator set.</summary>
    public int Opset { get; }

    /// <summary>What is built.</summary>
    public GraphImport Graph { get; }

    /// <summary>The operator.</summary>
    public string Operator => _node.OpType;

    /// <summary>Starts the sentences about the node, such as <c>'model.onnx': node 'stem' (Conv)</c>.</summary>
    public string Who => $"'{_file}': {NodeNames.Of(_node)}";

    /// <summary>Whether it converts to float16.</summary>
    public bool IsCastToHalf => ConstantImport.IsCastToHalf(_node);

    /// <summary>The number of inputs, absent ones in between counted.</summary>
    public int InputCount => _node.Input.Count;

    /// <summary>The number of outputs, unwanted ones in between counted.</summary>
    public int OutputCount => _node.Output.Count;

    /// <summary>An input.</summary>
    /// <exception cref="DataFormatException">It is absent.</exception>
    public ImportedValue Input(int index) => Optional(index) ?? throw Damaged($"{Role(index)} is missing");

    /// <summary>An input, or null where it is absent.</summary>
    public ImportedValue? Optional(int index) =>
        index < _node.Input.Count && _node.Input[index].Length > 0 ? _values[_node.Input[index]] : null;

    /// <summary>All inputs.</summary>
    public ImportedValue[] AllInputs() => [.. Enumerable.Range(0, InputCount).Select(Input)];

    /// <summary>Whether an output is wanted.</summary>
    public bool Wants(int output) => output < _node.Output.Count && _node.Output[output].Length > 0;

    /// <summary>Sets an output; one that is not wanted is dropped.</summary>
    public void Set(int output, ImportedValue value)
    {
        value.Name ??= Graph.NodeName;
        if (Wants(output))
            _values[_node.Output[output]] = value;
    }

    /// <summary>Sets the only output.</summary>
    public void Set(ImportedValue value) => Set(0, value);

    /// <summary>Sets the only output from a tensor in ONNX's order.</summary>
    public void Set(GraphTensor tensor, int[] dimensions) => Set(0, Graph.ToValue(tensor, dimensions));

    /// <summary>Whether an attribute is given.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A whole number that fits an int.</summary>
    public int Int(string name, int otherwise) =>
        Find(name) is { } attribute ? ToInt(name, Require(attribute, AttributeProto.Types.AttributeType.Int).I) : otherwise;

    /// <summary>A flag.</summary>
    public bool Flag(string name, bool otherwise) => Int(name, otherwise ? 1 : 0) != 0;

    /// <summary>A number.</summary>
    public float Float(string name, float otherwise) =>
        Find(name) is { } attribute ? Require(attribute, AttributeProto.Types.AttributeType.Float).F : otherwise;

    /// <summary>A text.</summary>
    public string Text(string name, string otherwise) =>
        Find(name) is { } attribute ? Require(attribute, AttributeProto.Types.AttributeType.String).S.ToStringUtf8() : otherwise;

    /// <summary>One of some texts.</summary>
    /// <exception cref="NotSupportedException">It is another one.</exception>
    public string Choice(string name, string otherwise, params ReadOnlySpan<string> choices)
    {
        string text = Text(name, otherwise);
        return choices.Contains(text)
            ? text
            : throw Unsupported($"the attribute {name} is '{text}'; supported are {string.Join(", ", choices.ToArray())}");
    }

    /// <summary>Whole numbers, or null where they are not given.</summary>
    public int[]? Ints(string name) => Find(name) is { } attribute
        ? [.. Require(attribute, AttributeProto.Types.AttributeType.Ints).Ints.Select(value => ToInt(name, value))]
        : null;

    /// <summary>Whole numbers of 64 bits, or null where they are not given.</summary>
    public long[]? Longs(string name) =>
        Find(name) is { } attribute ? [.. Require(attribute, AttributeProto.Types.AttributeType.Ints).Ints] : null;

    /// <summary>Numbers, or null where they are not given.</summary>
    public float[]? Floats(string name) =>
        Find(name) is { } attribute ? [.. Require(attribute, AttributeProto.Types.AttributeType.Floats).Floats] : null;

    /// <summary>A tensor, or null where it is not given.</summary>
    public OnnxTensor? TensorAttribute(string name) => ConstantAttribute(name)?.Constant;

    /// <summary>A tensor as a constant, which stays in the file where it is large; null where it is not given.</summary>
    public ImportedValue? ConstantAttribute(string name) =>
        Find(name) is { } attribute ? _open(Require(attribute, AttributeProto.Types.AttributeType.Tensor).T) : null;

    /// <summary>The whole numbers of a constant input, or null where it is absent.</summary>
    /// <exception cref="NotSupportedException">They depend on the data.</exception>
    public long[]? LongsOf(int input)
    {
        if (Optional(input) is not { } value)
            return null;
        if (!value.IsConstant)
            throw DependsOnData(input);
        return value.Type switch
        {
            ElementType.Int64 => value.Constant.Values<long>().ToArray(),
            ElementType.Int32 => Array.ConvertAll(value.Constant.Values<int>().ToArray(), number => (long)number),
            _ => throw Damaged($"{Role(input)} is of {value.Type}; expected Int64"),
        };
    }

    /// <summary>Whole numbers that fit an int, of a constant input; null where it is absent.</summary>
    public int[]? IntsOf(int input) => LongsOf(input) is { } values ? [.. values.Select(value => ToInt(Role(input), value))] : null;

    /// <summary>Whole numbers that fit an int, of a constant input.</summary>
    /// <exception cref="DataFormatException">It is absent.</exception>
    public int[] RequiredIntsOf(int input) => IntsOf(input) ?? throw Damaged($"{Role(input)} is missing");

    /// <summary>The numbers of a constant input, or null where it is absent.</summary>
    /// <exception cref="NotSupportedException">They depend on the data.</exception>
    public float[]? FloatsOf(int input)
    {
        if (Optional(input) is not { } value)
            return null;
        if (!value.IsConstant)
            throw DependsOnData(input);
        return value.Type == ElementType.Float32
            ? value.Constant.Values<float>().ToArray()
            : throw Damaged($"{Role(input)} is of {value.Type}; expected Float32");
    }

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="DataFormatException">It is out of range.</exception>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Damaged($"the axis {axis} is given; expected {-rank} to {rank - 1}");

    /// <summary>Axes counted from the front, each once.</summary>
    public int[] Axes(IEnumerable<long> axes, int rank)
    {
        int[] result = [.. axes.Select(axis => Axis(axis, rank))];
        return result.Distinct().Count() == result.Length
            ? result
            : throw Damaged($"the axes [{string.Join(", ", result)}] name one twice");
    }

    /// <summary>What a node asks that this library does not do.</summary>
    public NotSupportedException Unsupported(string what) => new($"{Who}: {what}.");

    /// <summary>What a node would have to know when the graph is built.</summary>
    public DependsOnDataException DependsOnData(int input) =>
        new($"{Who}: {Role(input)} depends on the data; supported are constants and what follows from shapes.");

    /// <summary>What is wrong about a node.</summary>
    public DataFormatException Damaged(string what) => new($"{Who}: {what}.");

    /// <summary>What does not fit a node, by what an operation said of it.</summary>
    public DataFormatException Misfit(Exception cause)
    {
        // Operations call themselves by their own names, which the file does not know; the framework adds which argument it was.
        string message = cause.Message;
        int end = message.IndexOf(": ", StringComparison.Ordinal);
        string who = end < 0 ? "" : message[..end];
        int quote = who.IndexOf(" '", StringComparison.Ordinal);
        if (end > 0 && (quote < 0 ? who : who[..quote]).All(char.IsAsciiLetterOrDigit))
            message = message[(end + 2)..];
        int argument = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return new DataFormatException($"{Who}: {(argument < 0 ? message : message[..argument])}", cause);
    }

    /// <summary>Marks an attribute as known where its value does not matter.</summary>
    public void Ignore(string name) => _read.Add(name);

    /// <summary>Throws for an attribute that nobody read.</summary>
    public void RequireAllRead()
    {
        foreach (AttributeProto attribute in _node.Attribute)
        {
            if (!_read.Contains(attribute.Name))
                throw Unsupported($"the attribute {attribute.Name} is not supported at operator set {Opset}");
        }
    }

    // An input as the operator calls it, and the value that it is.
    private string Role(int input)
    {
        string role = InputRoles.Of(Operator, input) is { } name ? $"the input {name}" : $"input {input}";
        return input < _node.Input.Count && _node.Input[input].Length > 0 ? $"{role} ({Excerpt.Of(_node.Input[input])})" : role;
    }

    private AttributeProto? Find(string name)
    {
        _read.Add(name);
        return _node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
    }

    private AttributeProto Require(AttributeProto attribute, AttributeProto.Types.AttributeType type) => attribute.Type == type
        || attribute.Type == AttributeProto.Types.AttributeType.Undefined
        ? attribute
        : throw Damaged($"the attribute {attribute.Name} is of type {attribute.Type}; expected {type}");

    // Ends of slices and the like are often the largest number there is.
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Its neighbours are about the node.")]
    private int ToInt(string what, long value) =>
        value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Damaged($"{what} holds {value}, more than this library counts");
}
