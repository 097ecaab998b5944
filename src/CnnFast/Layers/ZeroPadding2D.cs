using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>
/// Rows and columns of zeros around images, <c>[N, H, W, C]</c> to <c>[N, H + top + bottom, W + left + right, C]</c>. Before a convolution
/// it costs nothing in inference.
/// </summary>
public sealed class ZeroPadding2D : Layer
{
    /// <summary>Describes a padding with the same rows above and below and the same columns left and right.</summary>
    /// <param name="padding">Rows and columns on each side: a number or <c>(rows, columns)</c>, at least 0.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">A side is negative, or the name is not allowed.</exception>
    public ZeroPadding2D(Size2D padding, string? name = null)
        : this(padding.Height, padding.Width, padding.Height, padding.Width, name)
    {
    }

    /// <summary>Describes a padding of four sides.</summary>
    /// <param name="top">Rows above, at least 0.</param>
    /// <param name="left">Columns left, at least 0.</param>
    /// <param name="bottom">Rows below, at least 0.</param>
    /// <param name="right">Columns right, at least 0.</param>
    /// <param name="name">A name that is unique in the model; automatic when not given.</param>
    /// <exception cref="ArgumentException">A side is negative, or the name is not allowed.</exception>
    public ZeroPadding2D(int top, int left, int bottom, int right, string? name = null)
        : base(new ZeroPadding2DOperation(top, left, bottom, right), name)
    {
    }
}
