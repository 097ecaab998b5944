namespace CnnFast.Testing;

/// <summary>
/// A buffer whose span ends exactly at (or begins exactly after) a page without access, so that a kernel that reads or writes one
/// element too far stops the process. Bytes on the unguarded side hold a pattern that <see cref="SlackIsIntact"/> checks.
/// With <see cref="GuardSide.After"/> the start has the alignment of an element only, which is what callers' spans have.
/// Not thread-safe; dispose once.
/// </summary>
/// <typeparam name="T">The element type; its size divides the page size.</typeparam>
public sealed unsafe class GuardedBuffer<T> : IDisposable
    where T : unmanaged
{
    private const byte Pattern = 0xA5;

    private readonly nuint _pageBytes;
    private readonly GuardSide _side;
    private byte* _pages;

    /// <summary>Maps a buffer of zeros.</summary>
    /// <param name="length">Elements, at least 0.</param>
    /// <param name="side">Which end touches the page without access.</param>
    public GuardedBuffer(int length, GuardSide side = GuardSide.After)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        nuint page = (nuint)Environment.SystemPageSize;
        nuint bytes = (nuint)length * (nuint)sizeof(T);
        _pageBytes = (bytes + page - 1) / page * page;
        _pages = GuardPages.Allocate(_pageBytes);
        _side = side;
        Length = length;
        Slack.Fill(Pattern);
    }

    /// <summary>Maps a buffer with a copy of <paramref name="content"/>.</summary>
    /// <param name="content">The elements.</param>
    /// <param name="side">Which end touches the page without access.</param>
    public GuardedBuffer(ReadOnlySpan<T> content, GuardSide side = GuardSide.After)
        : this(content.Length, side) => content.CopyTo(Span);

    /// <summary>Unmaps a buffer that was not disposed.</summary>
    ~GuardedBuffer() => Free();

    /// <summary>Elements in the buffer.</summary>
    public int Length { get; }

    /// <summary>The first element. Valid until Dispose.</summary>
    public T* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pages is null, this);
            return (T*)(_side == GuardSide.Before ? _pages : _pages + SlackBytes);
        }
    }

    /// <summary>The elements. Valid until Dispose.</summary>
    public Span<T> Span => new(Pointer, Length);

    /// <summary>Whether nobody wrote to the bytes between the span and the unguarded end of its pages.</summary>
    public bool SlackIsIntact => !Slack.ContainsAnyExcept(Pattern);

    private nuint SlackBytes => _pageBytes - ((nuint)Length * (nuint)sizeof(T));

    private Span<byte> Slack => new(_side == GuardSide.Before ? (byte*)(Pointer + Length) : _pages, (int)SlackBytes);

    /// <summary>Sets every element, such as to NaN before a kernel writes them.</summary>
    /// <param name="value">The value.</param>
    public void Fill(T value) => Span.Fill(value);

    /// <summary>Unmaps the pages.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pages is null)
            return;
        GuardPages.Free(_pages, _pageBytes);
        _pages = null;
    }
}
