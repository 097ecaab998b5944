using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>The window that a layer's options describe.</summary>
internal static class WindowOptions
{
    public static Window2D Window(Size2D size, Size2D stride, Size2D? dilation, Padding padding)
    {
        Size2D spread = dilation ?? 1;
        return new Window2D(size.Height, size.Width, stride.Height, stride.Width, spread.Height, spread.Width, padding);
    }
}
