using System.Globalization;

namespace CnnFast.Benchmarks;

/// <summary>Reads the shape files: one layer a line, columns by white space, # begins a comment.</summary>
public static class ShapeFile
{
    /// <summary>The folder of the shape files, found from the program upwards.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none: the program was copied out of the repository.</exception>
    public static string Folder => FindFolder() ?? throw new DirectoryNotFoundException(
        $"No folder benchmarks/shapes lies above {AppContext.BaseDirectory}; expected the program inside a clone of the repository, " +
        "where shapes, targets, test models and results lie.");

    /// <summary>The folder of the shape files, or null where the program was copied out of the repository.</summary>
    public static string? FindFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "benchmarks", "shapes");
            if (Directory.Exists(folder))
                return folder;
        }

        return null;
    }

    /// <summary>The convolutions of all shape files but the pooling ones.</summary>
    public static IEnumerable<(string Name, Conv2DGeometry Geometry)> Convolutions() =>
        from line in Lines(file => !file.StartsWith("pool", StringComparison.Ordinal), 12)
        select (line.Name, Conv2DGeometry.Create(
            Shape.Nhwc(line.N[0], line.N[1], line.N[2], line.N[3]),
            new FilterShape(line.N[4], line.N[5], line.N[3] / line.N[9], line.N[6]),
            line.Padding,
            line.N[7],
            line.N[7],
            line.N[8],
            line.N[8],
            line.N[9],
            line.Name));

    /// <summary>The pooling layers.</summary>
    public static IEnumerable<(string Name, Pool2DGeometry Geometry)> Pools() =>
        from line in Lines(file => file.StartsWith("pool", StringComparison.Ordinal), 10)
        select (line.Name, Pool2DGeometry.Create(
            Shape.Nhwc(line.N[0], line.N[1], line.N[2], line.N[3]),
            line.N[4],
            line.N[5],
            line.N[6],
            line.N[6],
            line.Padding,
            line.N[7],
            line.N[7],
            line.Name));

    private static IEnumerable<(string Name, int[] N, Padding Padding)> Lines(Func<string, bool> wanted, int columns)
    {
        foreach (string file in Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal).Where(f => wanted(Path.GetFileName(f))))
        {
            int number = 0;
            foreach (string text in File.ReadLines(file))
            {
                number++;
                string[] parts = text.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length == 0)
                    continue;
                if (parts.Length != columns)
                    throw new DataFormatException($"{Path.GetFileName(file)}, line {number}: {parts.Length} columns, expected {columns}.");
                yield return (parts[0], [.. parts[1..^1].Select(p => int.Parse(p, CultureInfo.InvariantCulture))], ParsePadding(parts[^1]));
            }
        }
    }

    private static Padding ParsePadding(string text)
    {
        if (text is "same" or "valid")
            return text == "same" ? Padding.Same : Padding.Valid;
        int[] sides = [.. text.Split(',').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        return Padding.Explicit(sides[0], sides[1], sides[2], sides[3]);
    }
}
