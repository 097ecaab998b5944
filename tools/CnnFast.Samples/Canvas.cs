namespace CnnFast.Samples;

/// <summary>A colour picture in memory, [H, W, 3]: a shaded ground with grain, and shapes that are drawn on it.</summary>
internal sealed class Canvas
{
    private const int Contrast = 150;
    private const int Grain = 12;

    private readonly int _height;
    private readonly int _width;
    private readonly Random _random;
    private readonly int[] _ground;

    public Canvas(int height, int width, Random random)
    {
        (_height, _width, _random) = (height, width, random);
        Pixels = new byte[height * width * 3];
        Labels = new int[height * width];
        _ground = Colour();
        int shade = random.Next(-40, 41);
        for (int i = 0; i < Labels.Length; i++)
            Paint(i, _ground, shade * (i % width) / width);
    }

    /// <summary>The bytes of the picture.</summary>
    public byte[] Pixels { get; }

    /// <summary>Whose each pixel is, [H, W]: 0 for the ground, else the label that the shape was drawn with.</summary>
    public int[] Labels { get; }

    /// <summary>Draws a shape in a colour of its own.</summary>
    public void Draw(Figure figure, int label = 1)
    {
        int[] ink = Colour();
        while (ink.Zip(_ground, (a, b) => Math.Abs(a - b)).Sum() < Contrast)
            ink = Colour();
        for (int i = 0; i < Labels.Length; i++)
        {
            if (!figure.Contains(i % _width, i / _width))
                continue;
            Labels[i] = label;
            Paint(i, ink, 0);
        }
    }

    /// <summary>Draws a shape of a size and angle of its own, somewhere in a cell of 16×16 pixels.</summary>
    public void Draw(FigureKind kind, int cell, int label = 1)
    {
        int columns = _width / 16;
        double x = (cell % columns * 16) + 7.5 + _random.Next(-1, 2), y = (cell / columns * 16) + 7.5 + _random.Next(-1, 2);
        Draw(new Figure(kind, x, y, 5 + (2 * _random.NextDouble()), 2 * Math.PI * _random.NextDouble()), label);
    }

    /// <summary>The cells of 16×16 pixels in a random order.</summary>
    public int[] Cells()
    {
        int[] cells = [.. Enumerable.Range(0, _height / 16 * (_width / 16))];
        _random.Shuffle(cells);
        return cells;
    }

    private void Paint(int pixel, int[] colour, int shade)
    {
        int light = shade + _random.Next(-Grain, Grain + 1);
        for (int c = 0; c < 3; c++)
            Pixels[(pixel * 3) + c] = (byte)Math.Clamp(colour[c] + light, 0, 255);
    }

    private int[] Colour() => [_random.Next(20, 236), _random.Next(20, 236), _random.Next(20, 236)];
}
