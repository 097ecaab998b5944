using System.Buffers;
using System.Runtime.InteropServices;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Import;

/// <summary>Copies the elements of a constant into another order of its dimensions, tile by tile, so that a large one is never in memory twice.</summary>
internal static class ConstantCopy
{
    // Rows of one tile become runs of the destination where the outermost dimension comes innermost, as in filters; tiles stay in the caches.
    private const int TileRows = 32;
    private const int TileColumns = 4096;

    /// <summary>Copies.</summary>
    /// <param name="constant">Floats.</param>
    /// <param name="order">Which of its dimensions lies where in the destination, outermost first.</param>
    /// <param name="places">Where the indices of the outermost of them go; null where they stay.</param>
    /// <param name="destination">Receives the elements, as many as the constant has.</param>
    public static void Run(Value constant, int[] order, int[]? places, Span<float> destination)
    {
        OnnxTensor? whole = constant.Reader is { ReadsParts: true } ? null : constant.Constant;
        int rank = constant.Rank;
        int[] dimensions = rank == 0 ? [1] : constant.Dimensions;
        int[][] offsets = rank == 0 ? [[0]] : Offsets(dimensions, order, places);
        int rows = dimensions[0];
        int columns = destination.Length / rows;
        bool isPlain = places is null && IsIdentity(order);
        if (isPlain)
        {
            Read(constant.Reader, whole, 0, destination);
            return;
        }

        int width = Math.Min(columns, TileColumns);
        float[] tile = ArrayPool<float>.Shared.Rent(Math.Min(TileRows, rows) * width);
        var places1 = new int[width];
        for (int column = 0; column < columns; column += width)
        {
            int taken = Math.Min(width, columns - column);
            Columns(dimensions, offsets, column, places1.AsSpan(0, taken));
            for (int row = 0; row < rows; row += TileRows)
            {
                ReadOnlySpan<int> rowPlaces = offsets[0].AsSpan(row, Math.Min(TileRows, rows - row));
                if (taken == columns)
                {
                    Read(constant.Reader, whole, row * columns, tile.AsSpan(0, rowPlaces.Length * columns));
                }
                else
                {
                    for (int i = 0; i < rowPlaces.Length; i++)
                        Read(constant.Reader, whole, ((row + i) * columns) + column, tile.AsSpan(i * taken, taken));
                }

                Scatter(tile, taken, rowPlaces, places1.AsSpan(0, taken), destination);
            }
        }

        ArrayPool<float>.Shared.Return(tile);
    }

    private static void Read(TensorReader? reader, OnnxTensor? whole, int first, Span<float> destination)
    {
        if (whole is null)
            reader!.Read(first, MemoryMarshal.AsBytes(destination));
        else
            whole.Values<float>().Slice(first, destination.Length).CopyTo(destination);
    }

    private static void Scatter(ReadOnlySpan<float> tile, int width, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<float> destination)
    {
        if (columns[^1] - columns[0] == width - 1 && IsRun(columns))
        {
            for (int row = 0; row < rows.Length; row++)
                tile.Slice(row * width, width).CopyTo(destination[(rows[row] + columns[0])..]);
            return;
        }

        for (int column = 0; column < columns.Length; column++)
        {
            int place = columns[column];
            for (int row = 0; row < rows.Length; row++)
                destination[place + rows[row]] = tile[(row * width) + column];
        }
    }

    private static bool IsRun(ReadOnlySpan<int> places)
    {
        for (int i = 1; i < places.Length; i++)
        {
            if (places[i] != places[i - 1] + 1)
                return false;
        }

        return true;
    }

    /// <summary>What each index of each dimension adds to the place in the destination.</summary>
    private static int[][] Offsets(int[] dimensions, int[] order, int[]? places)
    {
        var offsets = new int[dimensions.Length][];
        int stride = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int dimension = order[i];
            int[] own = offsets[dimension] = new int[dimensions[dimension]];
            for (int index = 0; index < own.Length; index++)
                own[index] = stride * (i == 0 && places is not null ? places[index] : index);
            stride *= own.Length;
        }

        return offsets;
    }

    /// <summary>What all dimensions but the first add, for neighbouring columns of the constant as a matrix.</summary>
    private static void Columns(int[] dimensions, int[][] offsets, int first, Span<int> places)
    {
        for (int i = 0; i < places.Length; i++)
        {
            int rest = first + i;
            int place = 0;
            for (int dimension = dimensions.Length - 1; dimension > 0; dimension--)
            {
                place += offsets[dimension][rest % dimensions[dimension]];
                rest /= dimensions[dimension];
            }

            places[i] = place;
        }
    }

    private static bool IsIdentity(int[] order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] != i)
                return false;
        }

        return true;
    }
}
