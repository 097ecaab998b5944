using System.Runtime.InteropServices;

namespace CnnFast.Operators;

/// <summary>
/// How work over a tensor [pixels, channels] with one number a channel is cut: into matrices of some rows. Where channels are few, several
/// pixels lie side by side in a row, so that rows fill vectors; numbers of channels are then repeated (<see cref="Tile"/>). The pixels that
/// fill no row are a part of their own. Follows from the sizes alone.
/// </summary>
internal readonly unsafe struct ChannelCut
{
    private const int BlockElements = 16384;
    private const int LeastRows = 64;
    private const int NarrowChannels = 64;
    private const int VectorFloats = 16;

    /// <summary>A cut for a number of channels.</summary>
    public ChannelCut(int channels)
    {
        Channels = channels;
        Repeat = 1;
        if (channels < NarrowChannels)
        {
            // Whole vectors, and at least four of them.
            int whole = VectorFloats >> Math.Min(4, int.TrailingZeroCount(channels));
            Repeat = whole * ((NarrowChannels + (whole * channels) - 1) / (whole * channels));
        }

        Columns = Repeat * channels;
        BlockRows = Math.Max(LeastRows, BlockElements / Columns);
    }

    public int Channels { get; }

    /// <summary>Pixels of a row.</summary>
    public int Repeat { get; }

    /// <summary>Floats of a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of a part.</summary>
    public int BlockRows { get; }

    /// <summary>The number of parts.</summary>
    public int Blocks(int pixels) => (((pixels / Repeat) + BlockRows - 1) / BlockRows) + (pixels % Repeat == 0 ? 0 : 1);

    /// <summary>The most parts of any number of pixels up to the given one: pixels that fill no row may come with fewer.</summary>
    public int MostBlocks(int pixels) => (((pixels / Repeat) + BlockRows - 1) / BlockRows) + (Repeat > 1 ? 1 : 0);

    /// <summary>One part.</summary>
    public ChannelBlock Block(int index, int pixels)
    {
        nint rows = pixels / Repeat;
        nint first = (nint)index * BlockRows;
        return first < rows
            ? new ChannelBlock(first * Columns, Math.Min(BlockRows, rows - first), Columns)
            : new ChannelBlock(rows * Columns, 1, (nint)(pixels % Repeat) * Channels);
    }

    /// <summary>Repeats numbers of channels for every pixel of a row.</summary>
    /// <param name="values">One number a channel.</param>
    /// <param name="tiled">Receives <see cref="Columns"/> numbers.</param>
    public void Tile(ReadOnlySpan<float> values, Span<float> tiled)
    {
        for (int r = 0; r < Repeat; r++)
            values.CopyTo(tiled[(r * Channels)..]);
    }

    /// <summary>As <see cref="Tile"/>, of numbers that stand at the start of the row already.</summary>
    public void TileInPlace(float* row)
    {
        for (int r = 1; r < Repeat; r++)
            NativeMemory.Copy(row, row + ((nint)r * Channels), (nuint)Channels * sizeof(float));
    }

    /// <summary>Adds the sums of parts [blocks, <see cref="Columns"/>] to one double a channel, in order.</summary>
    public void AddUp(float* partial, int blocks, double* totals)
    {
        NativeMemory.Clear(totals, (nuint)Channels * sizeof(double));
        for (long row = 0; row < (long)blocks * Repeat; row++, partial += Channels)
        {
            for (nint c = 0; c < Channels; c++)
                totals[c] += partial[c];
        }
    }
}
