using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>
/// Picks rows and columns. Columns that follow one another are copied at once; a row that is the one before is copied from there; what is
/// filled in short rows is filled in one go.
/// </summary>
internal sealed class SelectStep<T> : ForwardStep
    where T : unmanaged
{
    private const int ShortRow = 1024;

    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly (int To, int From, int Count)[] _runs;
    private readonly bool _isScattered;
    private readonly bool _fillsFirst;
    private readonly int _outer;
    private readonly int _rowsOfInput;
    private readonly int _rowOfInput;
    private readonly int _row;
    private readonly int _inner;
    private readonly T _fill;

    /// <summary>Creates the step.</summary>
    /// <param name="shapes">The shapes, of five dimensions.</param>
    /// <param name="operation">What to pick.</param>
    /// <param name="fill">An element that the input does not have.</param>
    public SelectStep(NodeShapes shapes, SelectOperation operation, T fill)
    {
        Shape x = shapes.Input;
        _fill = fill;
        _rows = [.. operation.Rows];
        _columns = [.. operation.Columns];
        _outer = x[1];
        _rowsOfInput = x[2];
        _inner = x[4];
        _rowOfInput = x[3] * _inner;
        _row = _columns.Length * _inner;
        _runs = Runs(_columns, _inner);
        _isScattered = _inner == 1 && _runs.Length > _columns.Length / 4;
        _fillsFirst = !_isScattered && _row <= ShortRow && _runs.Any(run => run.From < 0);
        if (_fillsFirst)
            _runs = [.. _runs.Where(run => run.From >= 0)];
    }

    public override void Run(in ForwardContext context)
    {
        ReadOnlySpan<T> x = MemoryMarshal.Cast<float, T>(context.Input(0));
        Span<T> y = MemoryMarshal.Cast<float, T>(context.Output);
        int image = _rowsOfInput * _rowOfInput;
        if (_fillsFirst)
            y[..(context.N * _outer * _rows.Length * _row)].Fill(_fill);
        for (int i = 0; i < context.N * _outer; i++)
            Image(x.Slice(i * image, image), y.Slice(i * _rows.Length * _row, _rows.Length * _row));
    }

    private static (int To, int From, int Count)[] Runs(int[] columns, int inner)
    {
        var runs = new List<(int To, int From, int Count)>();
        for (int i = 0; i < columns.Length;)
        {
            int first = i;
            int step = columns[first] < 0 ? 0 : 1;
            while (i < columns.Length && columns[i] == columns[first] + ((i - first) * step))
                i++;
            runs.Add((first * inner, columns[first] < 0 ? -1 : columns[first] * inner, (i - first) * inner));
        }

        return [.. runs];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Image(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            Span<T> to = y.Slice(i * _row, _row);
            if (_rows[i] < 0)
                to.Fill(_fill);
            else if (i > 0 && _rows[i] == _rows[i - 1])
                y.Slice((i - 1) * _row, _row).CopyTo(to);
            else
                Row(x.Slice(_rows[i] * _rowOfInput, _rowOfInput), to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Row(ReadOnlySpan<T> x, Span<T> y)
    {
        if (_isScattered)
        {
            for (int i = 0; i < y.Length; i++)
                y[i] = _columns[i] < 0 ? _fill : x[_columns[i]];
            return;
        }

        foreach ((int to, int from, int count) in _runs)
        {
            if (from < 0)
                y.Slice(to, count).Fill(_fill);
            else
                x.Slice(from, count).CopyTo(y.Slice(to, count));
        }
    }
}
