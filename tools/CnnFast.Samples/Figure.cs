namespace CnnFast.Samples;

/// <summary>A shape at a place.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="X">The column of its middle.</param>
/// <param name="Y">The row of its middle.</param>
/// <param name="Size">Pixels from its middle to its farthest point.</param>
/// <param name="Angle">How far it is turned, in radians.</param>
internal sealed record Figure(FigureKind Kind, double X, double Y, double Size, double Angle)
{
    private static readonly double Root3 = Math.Sqrt(3);

    /// <summary>Whether a pixel lies inside.</summary>
    public bool Contains(int x, int y)
    {
        double dx = (x - X) / Size, dy = (y - Y) / Size;
        double u = (Math.Cos(Angle) * dx) + (Math.Sin(Angle) * dy), v = (Math.Cos(Angle) * dy) - (Math.Sin(Angle) * dx);
        double radius = Math.Sqrt((u * u) + (v * v));
        return Kind switch
        {
            FigureKind.Disc => radius < 1,
            FigureKind.Ring => radius is < 1 and > 0.6,
            FigureKind.Square => Math.Abs(u) < 0.75 && Math.Abs(v) < 0.75,
            FigureKind.Cross => radius < 1 && (Math.Abs(u) < 0.32 || Math.Abs(v) < 0.32),
            FigureKind.Triangle => v > -0.5 && (Math.Abs(u) * Root3) + v < 1,
            FigureKind.Leaf => (u * u) + (v * v / 0.16) < 1,
            FigureKind.Moon => radius < 1 && ((u - 0.5) * (u - 0.5)) + (v * v) > 0.64,
            FigureKind.Flower => radius < 0.7 + (0.3 * Math.Cos(5 * Math.Atan2(v, u))),
            _ => Math.Abs(v) < Math.Abs(u) && Math.Abs(u) < 0.85,
        };
    }
}
