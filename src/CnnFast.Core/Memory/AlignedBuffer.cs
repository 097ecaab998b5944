using System.Runtime.CompilerServices;

namespace CnnFast;

/// <summary>
/// A fixed-length buffer that starts at a 64-byte boundary and never moves. It lives on the garbage collector's pinned heap:
/// it needs no Dispose, and no pointer into it outlives it while the buffer object is reachable.
/// Not thread-safe by itself: callers decide who writes.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    public const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _offset;

    /// <summary>Allocates a zeroed buffer.</summary>
    /// <param name="length">Elements, at least 0.</param>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int slack = Alignment / sizeof(T);
        if (length > Array.MaxLength - slack)
            throw new ShapeException(
                $"A buffer of {length} elements is larger than the {Array.MaxLength - slack} that one buffer can hold.");
        _array = GC.AllocateArray<T>(length + slack, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);
        _offset = (int)(((Alignment - (address % Alignment)) % Alignment) / (nuint)sizeof(T));
        Length = length;
    }

    /// <summary>Elements in the buffer.</summary>
    public int Length { get; }

    /// <summary>The first element, 64-byte aligned. Valid while this object is reachable.</summary>
    public T* Pointer =>
        (T*)Unsafe.AsPointer(ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_array), _offset));

    /// <summary>The elements.</summary>
    public Span<T> Span => _array.AsSpan(_offset, Length);

    /// <summary>The elements as a memory that can be stored.</summary>
    public Memory<T> Memory => _array.AsMemory(_offset, Length);
}
