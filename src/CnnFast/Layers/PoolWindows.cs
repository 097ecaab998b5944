using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>Fills in what a pooling layer leaves open.</summary>
internal static class PoolWindows
{
    public static PoolWindow Create(Size2D poolSize, Size2D? stride, Padding padding, Size2D? dilation)
    {
        Size2D step = stride ?? poolSize;
        Size2D spread = dilation ?? 1;
        return new PoolWindow(poolSize.Height, poolSize.Width, step.Height, step.Width, spread.Height, spread.Width, padding);
    }
}
