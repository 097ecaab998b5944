namespace CnnFast.Testing;

/// <summary>Which end of a <see cref="GuardedBuffer{T}"/> touches a page that faults on any access.</summary>
public enum GuardSide
{
    /// <summary>The element after the last one faults.</summary>
    After,

    /// <summary>The element before the first one faults.</summary>
    Before,
}
