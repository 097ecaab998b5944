using System.Buffers;
using System.Runtime.InteropServices;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Import;

/// <summary>
/// Copies the elements of a constant into another order of its dimensions, tile by tile, all or those of some indices of the innermost
/// dimension, so that a large one is never in memory twice.
/// </summary>
internal sealed class ConstantCopy
{
    // Rows of one tile become runs of the destination where the outermost dimension comes innermost, as in
    // filters; tiles stay in the caches.
    private const int TileRows = 32;
    private const int TileColumns = 4096;

    // Short rows are read many at once.
    private const int MinTile = 16384;

    // Shorter runs of a row are read with what lies between them.
    private const int ShortestRun = 256;

    private readonly TensorReader? _reader;
    private readonly OnnxTensor? _whole;
    private readonly int[] _dimensions;
    private readonly int[] _strides;
    private readonly int _outermost;
    private readonly int _innermost;
    private readonly int[]? _places;
    private readonly int _first;
    private readonly int _count;
    private readonly bool _isPlain;

    /// <summary>Prepares to copy.</summary>
    /// <param name="constant">Floats.</param>
    /// <param name="order">Which of its dimensions lies where in the destination, outermost first.</param>
    /// <param name="places">Where the indices of the outermost of them go; null where they stay.</param>
    /// <param name="first">The first of the indices of the innermost of them that are copied.</param>
    /// <param name="count">How many are copied.</param>
    public ConstantCopy(ImportedValue constant, int[] order, int[]? places, int first, int count)
    {
        _reader = constant.Reader is { ReadsParts: true } reader ? reader : null;
        _whole = _reader is null ? constant.Constant : null;
        _dimensions = constant.Rank == 0 ? [1] : constant.Dimensions;
        (_places, _first, _count) = (places, first, count);
        int[] lies = constant.Rank == 0 ? [0] : order;
        (_outermost, _innermost) = (lies[0], lies[^1]);
        _isPlain = places is null && count == _dimensions[_innermost] && lies.SequenceEqual(Enumerable.Range(0, lies.Length));
        _strides = new int[_dimensions.Length];
        int stride = 1;
        for (int i = lies.Length - 1; i >= 0; i--)
        {
            _strides[lies[i]] = stride;
            stride *= lies[i] == _innermost ? count : _dimensions[lies[i]];
        }
    }

    /// <summary>Copies.</summary>
    /// <param name="destination">Receives the elements, as many as are copied.</param>
    public void Run(Span<float> destination)
    {
        if (_isPlain)
        {
            Read(0, destination);
            return;
        }

        // The constant as a matrix: its first dimension, and all others.
        int length = (int)_dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
        (int firstRow, int endRow) = _innermost == 0 ? (_first, _first + _count) : (0, _dimensions[0]);
        bool isRun = _innermost == 1 && _dimensions.Length == 2 && _count >= ShortestRun;
        (int firstColumn, int endColumn) = isRun ? (_first, _first + _count) : (0, length);
        int width = Math.Min(endColumn - firstColumn, TileColumns);
        int height = Math.Min(Math.Max(TileRows, MinTile / width), endRow - firstRow);
        float[] tile = ArrayPool<float>.Shared.Rent(height * width);
        var rows = new int[height];
        var columns = new int[width];
        var from = new int[width];
        for (int column = firstColumn; column < endColumn; column += width)
        {
            int taken = Math.Min(width, endColumn - column);
            int copied = Columns(column, taken, columns, from);
            for (int row = firstRow; row < endRow; row += height)
            {
                int tall = Math.Min(height, endRow - row);
                for (int i = 0; i < tall; i++)
                    rows[i] = PlaceOf(0, row + i);
                if (taken == length)
                {
                    Read(row * length, tile.AsSpan(0, tall * length));
                }
                else
                {
                    for (int i = 0; i < tall; i++)
                        Read(((row + i) * length) + column, tile.AsSpan(i * taken, taken));
                }

                Scatter(tile, taken, rows.AsSpan(0, tall), columns.AsSpan(0, copied), from.AsSpan(0, copied), destination);
            }
        }

        ArrayPool<float>.Shared.Return(tile);
    }

    private static void Scatter(ReadOnlySpan<float> tile, int width, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns,
        ReadOnlySpan<int> from, Span<float> destination)
    {
        if (columns.IsEmpty)
            return;
        if (IsRun(columns) && IsRun(from))
        {
            for (int row = 0; row < rows.Length; row++)
                tile.Slice((row * width) + from[0], columns.Length).CopyTo(destination[(rows[row] + columns[0])..]);
            return;
        }

        for (int column = 0; column < columns.Length; column++)
        {
            int place = columns[column];
            int at = from[column];
            for (int row = 0; row < rows.Length; row++)
                destination[place + rows[row]] = tile[(row * width) + at];
        }
    }

    private static bool IsRun(ReadOnlySpan<int> places)
    {
        if (places[^1] - places[0] != places.Length - 1)
            return false;
        for (int i = 1; i < places.Length; i++)
        {
            if (places[i] != places[i - 1] + 1)
                return false;
        }

        return true;
    }

    private void Read(int first, Span<float> destination)
    {
        if (_reader is not null)
            _reader.Read(first, MemoryMarshal.AsBytes(destination));
        else
            _whole!.Values<float>().Slice(first, destination.Length).CopyTo(destination);
    }

    /// <summary>What an index of a dimension adds to the place in the destination.</summary>
    private int PlaceOf(int dimension, int index)
    {
        if (dimension == _innermost)
            index -= _first;
        return _strides[dimension] * (dimension == _outermost && _places is not null ? _places[index] : index);
    }

    /// <summary>
    /// What all dimensions but the first add, for those of neighbouring columns of the constant as a matrix that
    /// are copied, and which these are.
    /// </summary>
    private int Columns(int first, int count, Span<int> columns, Span<int> from)
    {
        int copied = 0;
        for (int i = 0; i < count; i++)
        {
            int rest = first + i;
            int place = 0;
            bool isCopied = true;
            for (int dimension = _dimensions.Length - 1; dimension > 0; dimension--)
            {
                (rest, int index) = Math.DivRem(rest, _dimensions[dimension]);
                place += PlaceOf(dimension, index);
                isCopied &= dimension != _innermost || (index >= _first && index < _first + _count);
            }

            if (!isCopied)
                continue;
            columns[copied] = place;
            from[copied++] = i;
        }

        return copied;
    }
}
