using System.Globalization;
using System.IO.Enumeration;

namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// The targets: one a line, <c>pass shape least</c>, <c>pass shape least near shape</c> or <c>pass shape least gain</c>; * stands for any
/// text, # begins a comment, and the first line of its kind that fits a row counts.
/// </summary>
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
            if (parts.Length > 0)
                file._lines.Add((parts[0], parts.ElementAtOrDefault(1) ?? "", Parse(parts)
                    ?? throw new DataFormatException($"{System.IO.Path.GetFileName(Path)}, line {number}: '{text}'; " +
                        "expected 'pass shape least', 'pass shape least near shape' or 'pass shape least gain'.")));
        }

        return file;
    }

    /// <summary>The first target of these kinds for a row, or null.</summary>
    public Target? Find(string shape, ConvolutionPass pass, params ReadOnlySpan<TargetKind> kinds)
    {
        foreach ((string wantedPass, string wantedShape, Target target) in _lines)
        {
            if (kinds.Contains(target.Kind) && FileSystemName.MatchesSimpleExpression(wantedPass, pass.Name())
                && FileSystemName.MatchesSimpleExpression(wantedShape, shape))
                return target;
        }

        return null;
    }

    /// <summary>All rows held against their targets.</summary>
    /// <param name="rows">The rows of a run.</param>
    /// <returns>The verdicts, and how many could not be formed: an odd shape whose regular one did not run.</returns>
    public (IReadOnlyList<Verdict> Verdicts, int Open) Judge(IReadOnlyList<PeerRow> rows)
    {
        Verdict?[] verdicts =
        [
            .. from row in rows
               from target in new[] { Find(row.Shape, row.Pass, TargetKind.Peers, TargetKind.Near),
                   row.OneThread is null ? null : Find(row.Shape, row.Pass, TargetKind.Gain) }
               where target is not null
               select Verdict.Judge(row, target, rows),
        ];
        return ([.. verdicts.OfType<Verdict>()], verdicts.Count(v => v is null));
    }

    private static Target? Parse(string[] parts)
    {
        if (parts.Length < 3 || !double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double least))
            return null;
        return parts[3..] switch
        {
            [] => new Target(TargetKind.Peers, least, null),
            ["near", string near] => new Target(TargetKind.Near, least, near),
            ["gain"] => new Target(TargetKind.Gain, least, null),
            _ => null,
        };
    }
}
