using System.Diagnostics.CodeAnalysis;

namespace CnnFast;

/// <summary>What the elements of a tensor are.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The elements are of these types.")]
public enum ElementType
{
    /// <summary>IEEE 754 numbers of 32 bits: <see cref="float"/>.</summary>
    Float32,

    /// <summary>Signed integers of 32 bits: <see cref="int"/>.</summary>
    Int32,

    /// <summary>Signed integers of 64 bits: <see cref="long"/>.</summary>
    Int64,

    /// <summary>Unsigned integers of 8 bits: <see cref="byte"/>.</summary>
    UInt8,

    /// <summary>Truth values, a byte each: <see cref="bool"/>.</summary>
    Bool,
}
