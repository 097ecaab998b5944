namespace CnnFast.Samples;

/// <summary>The kinds of shapes.</summary>
internal enum FigureKind
{
    Disc,
    Ring,
    Square,
    Cross,
    Triangle,
    Leaf,
    Moon,
    Flower,
    Bow,
}
