namespace CnnFast.Onnx.Import;

/// <summary>The operators that can be imported, one list a family. docs/onnx-support.md is written from it.</summary>
internal static class OperatorTable
{
    /// <summary>The first operator set whose operators are supported.</summary>
    public const int FirstOpset = 1;

    /// <summary>The last one.</summary>
    public const int LastOpset = 23;

    /// <summary>The families and their operators.</summary>
    public static IReadOnlyList<(string Family, IReadOnlyList<OperatorEntry> Operators)> Families { get; } =
    [
        ("Convolution and dense layers", ConvolutionImport.Operators),
        ("Activations", ActivationImport.Operators),
        ("Element-wise functions", ElementwiseImport.Operators),
        ("Pooling", PoolImport.Operators),
        ("Normalization", NormalizationImport.Operators),
        ("Resizing", ResizeImport.Operators),
        ("Padding", PadImport.Operators),
        ("Blocks of pixels", DepthSpaceImport.Operators),
        ("Shapes and views", ShapeImport.Operators),
        ("Selection and repetition", SelectionImport.Operators),
        ("Reductions", ReductionImport.Operators),
        ("Constants", ConstantImport.Operators),
    ];

    private static readonly Dictionary<string, OperatorEntry> ByName = Families.SelectMany(family => family.Operators)
        .ToDictionary(entry => entry.Name);

    /// <summary>The operator of a name; null where it is not supported at all.</summary>
    public static OperatorEntry? Find(string name) => ByName.GetValueOrDefault(name);
}
