namespace CnnFast.Cli.Tests;

/// <summary>Colour pictures of four kinds of things on coloured grounds with grain, of any size: a folder for each kind.</summary>
internal static class Photos
{
    public static string[] Kinds { get; } = ["cross", "disc", "ring", "stripes"];

    /// <summary>Writes the pictures and returns their folder.</summary>
    public static string Write(TemporaryFolder folder, int count, int least = 60, int most = 200, int seed = 1)
    {
        var random = new Random(seed);
        string root = folder.File("photos");
        foreach (string kind in Kinds)
            Directory.CreateDirectory(Path.Combine(root, kind));
        for (int i = 0; i < count; i++)
        {
            string kind = Kinds[i % Kinds.Length];
            File.WriteAllBytes(Path.Combine(root, kind, $"{i:0000}.png"), Draw(random, kind, random.Next(least, most + 1),
                random.Next(least, most + 1)));
        }

        return root;
    }

    private static byte[] Draw(Random random, string kind, int width, int height)
    {
        double[] ground = Colour(random), ink = Colour(random);
        while (Math.Abs(ground[0] - ink[0]) + Math.Abs(ground[1] - ink[1]) + Math.Abs(ground[2] - ink[2]) < 200)
            ink = Colour(random);
        double size = Math.Min(width, height) * (0.25 + (0.15 * random.NextDouble()));
        double cx = (width / 2.0) + (random.NextDouble() * 10) - 5, cy = (height / 2.0) + (random.NextDouble() * 10) - 5;
        double angle = random.NextDouble() * Math.PI, shade = random.NextDouble() * 60;
        var pixels = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool inside = Inside(kind, x - cx, y - cy, size, angle);
                double light = (shade * x / width) + random.Next(-12, 13);
                for (int c = 0; c < 3; c++)
                    pixels[(((y * width) + x) * 3) + c] = (byte)Math.Clamp((inside ? ink[c] : ground[c]) + light, 0, 255);
            }
        }

        return Png.Encode(width, height, Png.Colour, pixels);
    }

    private static bool Inside(string kind, double x, double y, double size, double angle)
    {
        double u = (Math.Cos(angle) * x) + (Math.Sin(angle) * y), v = (Math.Cos(angle) * y) - (Math.Sin(angle) * x);
        double radius = Math.Sqrt((x * x) + (y * y));
        return kind switch
        {
            "disc" => radius < size,
            "ring" => radius < size && radius > size * 0.6,
            "cross" => radius < size * 1.1 && (Math.Abs(u) < size * 0.25 || Math.Abs(v) < size * 0.25),
            _ => radius < size * 1.1 && (int)Math.Floor(u / size * 4) % 2 == 0,
        };
    }

    private static double[] Colour(Random random) => [random.Next(20, 236), random.Next(20, 236), random.Next(20, 236)];
}
