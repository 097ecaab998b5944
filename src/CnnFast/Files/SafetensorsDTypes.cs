namespace CnnFast.Files;

/// <summary>The names and sizes of the element types of a safetensors file.</summary>
internal static class SafetensorsDTypes
{
    /// <summary>The element type that a file calls by this name, or null where there is none.</summary>
    public static SafetensorsDType? Parse(string name) => name switch
    {
        "BOOL" => SafetensorsDType.Bool,
        "U8" => SafetensorsDType.U8,
        "I8" => SafetensorsDType.I8,
        "F8_E5M2" => SafetensorsDType.F8E5M2,
        "F8_E4M3" => SafetensorsDType.F8E4M3,
        "I16" => SafetensorsDType.I16,
        "U16" => SafetensorsDType.U16,
        "F16" => SafetensorsDType.F16,
        "BF16" => SafetensorsDType.BF16,
        "I32" => SafetensorsDType.I32,
        "U32" => SafetensorsDType.U32,
        "F32" => SafetensorsDType.F32,
        "F64" => SafetensorsDType.F64,
        "I64" => SafetensorsDType.I64,
        "U64" => SafetensorsDType.U64,
        _ => null,
    };

    /// <summary>What a file calls the element type.</summary>
    public static string NameOf(SafetensorsDType dtype) => dtype switch
    {
        SafetensorsDType.Bool => "BOOL",
        SafetensorsDType.F8E5M2 => "F8_E5M2",
        SafetensorsDType.F8E4M3 => "F8_E4M3",
        _ => dtype.ToString(),
    };

    /// <summary>Bytes of one element.</summary>
    public static int SizeOf(SafetensorsDType dtype) => dtype switch
    {
        <= SafetensorsDType.F8E4M3 => 1,
        <= SafetensorsDType.BF16 => 2,
        <= SafetensorsDType.F32 => 4,
        _ => 8,
    };
}
