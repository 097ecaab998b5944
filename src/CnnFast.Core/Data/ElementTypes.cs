namespace CnnFast;

/// <summary>The C# types behind <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    /// <summary>The bytes that an element takes.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Float32 or ElementType.Int32 => 4,
        ElementType.Int64 => 8,
        ElementType.UInt8 or ElementType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The element type is not one of the enumeration."),
    };

    /// <summary>The floats whose memory holds so many elements.</summary>
    public static long FloatsFor(ElementType type, long elements) => ((elements * SizeOf(type)) + sizeof(float) - 1) / sizeof(float);

    /// <summary>The element type of a C# type, or null where it has none.</summary>
    public static ElementType? Of<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return ElementType.Float32;
        if (typeof(T) == typeof(int))
            return ElementType.Int32;
        if (typeof(T) == typeof(long))
            return ElementType.Int64;
        if (typeof(T) == typeof(byte))
            return ElementType.UInt8;
        return typeof(T) == typeof(bool) ? ElementType.Bool : null;
    }
}
