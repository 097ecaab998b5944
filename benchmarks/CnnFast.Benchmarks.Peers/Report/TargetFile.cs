using System.Globalization;
using System.IO.Enumeration;

namespace CnnFast.Benchmarks.Peers;

/// <summary>The targets: one a line, <c>pass shape least [near shape]</c>; * stands for any text, # begins a comment, the first line that fits a row counts.</summary>
internal sealed class TargetFile
{
    private readonly List<(string Pass, string Shape, Target Target)> _lines = [];

    private TargetFile()
    {
    }

    /// <summary>The file beside the shapes.</summary>
    public static string Path => System.IO.Path.Combine(ShapeFile.Folder, "peers.targets");

    public static TargetFile Read()
    {
        var file = new TargetFile();
        int number = 0;
        foreach (string text in File.ReadLines(Path))
        {
            number++;
            string[] parts = text.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
                continue;
            bool near = parts.Length == 5 && parts[3] == "near";
            if ((parts.Length != 3 && !near) || !double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double least))
                throw new DataFormatException($"{System.IO.Path.GetFileName(Path)}, line {number}: '{text}'; expected 'pass shape least' or 'pass shape least near shape'.");
            file._lines.Add((parts[0], parts[1], new Target(least, near ? parts[4] : null)));
        }

        return file;
    }

    /// <summary>The target of a row, or null.</summary>
    public Target? Find(string shape, ConvolutionPass pass) =>
        _lines.FirstOrDefault(line => FileSystemName.MatchesSimpleExpression(line.Pass, pass.Name()) && FileSystemName.MatchesSimpleExpression(line.Shape, shape)).Target;
}
