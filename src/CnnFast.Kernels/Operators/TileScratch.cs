using System.Runtime.Intrinsics;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A tile of scratch memory for tiles that lack rows or columns: the kernel computes a whole tile there, missing rows repeating the
/// last, and only what exists is copied out. Terms are added in the same order as in whole tiles.
/// </summary>
internal readonly unsafe struct TileScratch
{
    private readonly float* _tile;
    private readonly nint* _rows;
    private readonly nint* _outputs;
    private readonly int _mr;
    private readonly int _nr;

    public TileScratch(float* memory, int mr, int nr)
    {
        _tile = memory;
        _mr = mr;
        _nr = nr;
        _rows = (nint*)(memory + WorkspaceLayout.AlignFloats(mr * nr));
        _outputs = _rows + mr;
        for (int i = 0; i < mr; i++)
            _outputs[i] = (nint)i * nr;
    }

    public void Run(delegate*<GemmTile*, void> kernel, GemmTile* tile, nint* rowOffsets, nint* outputOffsets, int rows, int columns)
    {
        for (int i = 0; i < _mr; i++)
            _rows[i] = rowOffsets[Math.Min(i, rows - 1)];
        float* c = tile->C;
        float* residual = tile->Residual;
        if (tile->Bias is null)
        {
            for (int i = 0; i < rows; i++)
                Copy(c + outputOffsets[i], _tile + (i * _nr), columns);
        }
        else if (residual is not null)
        {
            for (int i = 0; i < rows; i++)
                Copy(residual + outputOffsets[i], _tile + (i * _nr), columns);
            tile->Residual = _tile;
        }

        tile->C = _tile;
        tile->RowOffsets = _rows;
        tile->OutputOffsets = _outputs;
        kernel(tile);
        tile->C = c;
        tile->Residual = residual;
        for (int i = 0; i < rows; i++)
            Copy(_tile + (i * _nr), c + outputOffsets[i], columns);
    }

    private static void Copy(float* from, float* to, int count)
    {
        int i = 0;
        for (; i + 4 <= count; i += 4)
            Vector128.Store(Vector128.Load(from + i), to + i);
        for (; i < count; i++)
            to[i] = from[i];
    }
}
