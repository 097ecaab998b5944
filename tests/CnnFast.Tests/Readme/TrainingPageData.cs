using CnnFast.Data;
using CnnFast.Tests.Images;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnFast.Tests;

/// <summary>Images with noise, discs, squares and crosses at random places, of which the answers are known: data to learn from.</summary>
internal static class TrainingPageData
{
    private const int Side = 24;
    private const int SceneSide = 32;

    /// <summary>Discs of a random radius; the target is the radius in pixels.</summary>
    public static ImageDataset Radii(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = Noise(random, count * Side * Side);
        float[] radii = new float[count];
        for (int i = 0; i < count; i++)
        {
            radii[i] = 2 + (6 * random.NextSingle());
            (double y, double x) = Place(random, Side, radii[i]);
            Draw(pixels.AsSpan(i * Side * Side, Side * Side), Side, (r, c) => Distance(r - y, c - x) <= radii[i], 200);
        }

        return new ImageDataset(new Shape(Side, Side, 1), pixels, new Shape(1), radii);
    }

    /// <summary>A disc, a square, a cross: each is there or not; the targets are three yes or no.</summary>
    public static ImageDataset Marks(int count, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = Noise(random, count * Side * Side);
        float[] marks = new float[count * 3];
        for (int i = 0; i < count; i++)
        {
            for (int kind = 0; kind < 3; kind++)
            {
                marks[(i * 3) + kind] = random.Next(2);
                (double y, double x) = Place(random, Side, 4);
                if (marks[(i * 3) + kind] == 1)
                    Draw(pixels.AsSpan(i * Side * Side, Side * Side), Side, (r, c) => Covers(kind, r - y, c - x, 3.5), 210);
            }
        }

        return new ImageDataset(new Shape(Side, Side, 1), pixels, new Shape(3), marks);
    }

    /// <summary>Colour images with a disc and a square, and a mask: 0 background, 1 disc, 2 square.</summary>
    public static ImageDataset Scenes(int count, int seed)
    {
        const int Area = SceneSide * SceneSide;
        var random = new Random(seed);
        byte[] pixels = Noise(random, count * Area * 3);
        int[] mask = new int[count * Area];
        for (int i = 0; i < count; i++)
        {
            for (int kind = 0; kind < 2; kind++)
            {
                double radius = 3 + (5 * random.NextDouble());
                (double y, double x) = Place(random, SceneSide, radius);
                for (int p = 0; p < Area; p++)
                {
                    if (!Covers(kind, (p / SceneSide) - y, (p % SceneSide) - x, radius))
                        continue;
                    mask[(i * Area) + p] = kind + 1;
                    for (int c = 0; c < 3; c++)
                        pixels[(((i * Area) + p) * 3) + c] += (byte)(c == kind ? 110 : 60);
                }
            }
        }

        return new ImageDataset(new Shape(SceneSide, SceneSide, 3), pixels,
            TargetInfo.Labels(new Shape(SceneSide, SceneSide), 3), mask);
    }

    /// <summary>Digits of some classes, which are numbered from 0 on.</summary>
    public static ImageDataset Digits(ImageDataset data, int first, int last, int count)
    {
        int[] chosen = [.. Enumerable.Range(0, data.Count)
            .Where(i => data.GetLabel(i) >= first && data.GetLabel(i) <= last).Take(count)];
        byte[] pixels = [.. chosen.SelectMany(i => data.GetImageBytes(i).ToArray())];
        return new ImageDataset(data.ImageShape, last - first + 1, pixels, [.. chosen.Select(i => data.GetLabel(i) - first)]);
    }

    /// <summary>Writes coloured pictures of different sizes, a folder for each of two kinds.</summary>
    public static void WritePhotos(TemporaryFolder folder, int each)
    {
        var random = new Random(5);
        string[] kinds = ["disc", "square"];
        for (int i = 0; i < each * kinds.Length; i++)
        {
            int kind = i % kinds.Length, width = random.Next(40, 60), height = random.Next(40, 60);
            var paper = new Rgba32((byte)random.Next(70), (byte)random.Next(70), (byte)random.Next(70));
            var ink = new Rgba32((byte)random.Next(140, 255), (byte)random.Next(140, 255), (byte)random.Next(140, 255));
            double radius = 9 + (6 * random.NextDouble()), y = height / 2 + random.Next(-4, 5), x = width / 2 + random.Next(-4, 5);
            folder.Write(["photos", kinds[kind], $"{i:000}.{(i % 3 == 0 ? "jpg" : "png")}"],
                Pictures.Of(i % 3 == 0 ? "a.jpg" : "a.png", width, height, (c, r) => Covers(kind, r - y, c - x, radius) ? ink : paper));
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] pixels = new byte[length];
        random.NextBytes(pixels);
        for (int i = 0; i < length; i++)
            pixels[i] /= 4;
        return pixels;
    }

    private static (double Y, double X) Place(Random random, int side, double margin) =>
        (margin + (random.NextDouble() * (side - 1 - (2 * margin))), margin + (random.NextDouble() * (side - 1 - (2 * margin))));

    private static bool Covers(int kind, double dy, double dx, double radius) => kind switch
    {
        0 => Distance(dy, dx) <= radius,
        1 => Math.Max(Math.Abs(dy), Math.Abs(dx)) <= radius,
        _ => Math.Min(Math.Abs(dy), Math.Abs(dx)) <= 0.8 && Math.Max(Math.Abs(dy), Math.Abs(dx)) <= radius + 1,
    };

    private static double Distance(double dy, double dx) => Math.Sqrt((dy * dy) + (dx * dx));

    private static void Draw(Span<byte> image, int side, Func<int, int, bool> covers, byte level)
    {
        for (int p = 0; p < image.Length; p++)
        {
            if (covers(p / side, p % side))
                image[p] = level;
        }
    }
}
