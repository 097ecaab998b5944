using CnnFast.Graphs;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Import;

/// <summary>
/// A value of the ONNX model while it is imported: dimensions and type as ONNX counts them, and either a constant or a
/// value of the graph in some layout.
/// </summary>
internal sealed class ImportedValue
{
    private readonly Func<OnnxTensor>? _read;

    /// <summary>A constant.</summary>
    public ImportedValue(OnnxTensor constant, bool dependsOnShape)
    {
        _read = () => constant;
        Type = constant.ElementType;
        Dimensions = [.. constant.Dimensions];
        DependsOnShape = dependsOnShape;
    }

    /// <summary>A constant that is read from the file whenever it is asked for.</summary>
    public ImportedValue(TensorReader reader)
    {
        _read = reader.Read;
        Reader = reader;
        Type = reader.ElementType;
        Dimensions = reader.Dimensions;
    }

    /// <summary>A value of the graph.</summary>
    public ImportedValue(ValueInfo info, int[] dimensions, Layout layout)
    {
        Info = info;
        Type = info.Type;
        Dimensions = dimensions;
        Layout = layout;
    }

    /// <summary>The name of the node that gave it, where that changed nothing but its dimensions too; null before any did.</summary>
    public string? Name { get; set; }

    /// <summary>What its elements are.</summary>
    public ElementType Type { get; }

    /// <summary>The dimensions in ONNX's order; some may be 0 in a constant.</summary>
    public int[] Dimensions { get; }

    /// <summary>The number of dimensions.</summary>
    public int Rank => Dimensions.Length;

    /// <summary>The number of elements.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Whether its elements are known.</summary>
    public bool IsConstant => _read is not null;

    /// <summary>Whether a constant depends on the shapes of the model's inputs.</summary>
    public bool DependsOnShape { get; }

    /// <summary>Whether it has a value for every sample.</summary>
    public bool IsBatched => Info is { IsWhole: false };

    /// <summary>The value of the graph; null for a constant.</summary>
    public ValueInfo? Info { get; }

    /// <summary>How the value of the graph lies in memory; null for a constant, which lies in order.</summary>
    public Layout? Layout { get; }

    /// <summary>What reads a constant that is in the file; null for other values.</summary>
    public TensorReader? Reader { get; }

    /// <summary>The elements of a constant; those of one that is in the file are read anew each time.</summary>
    public OnnxTensor Constant => _read is not null ? _read() : throw new InvalidOperationException("The value is not constant.");
}
