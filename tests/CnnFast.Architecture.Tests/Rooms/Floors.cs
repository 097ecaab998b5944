namespace CnnFast.Architecture.Tests;

/// <summary>
/// The floors of the projects in src, as docs/architecture.md draws them: a block of its own kind, a project a paragraph, a floor a line,
/// the top one first. A room is a folder, or "." for the files beside the project file.
/// </summary>
internal sealed class Floors
{
    private readonly Dictionary<string, int> _floors = [];

    private Floors()
    {
    }

    /// <summary>Reads the block between <c>```floors</c> and <c>```</c>.</summary>
    public static Floors Parse(string page)
    {
        var floors = new Floors();
        string project = "";
        int floor = 0;
        foreach (string line in page.ReplaceLineEndings("\n")
            .Split('\n')
            .SkipWhile(line => line != "```floors")
            .Skip(1)
            .TakeWhile(line => line != "```"))
        {
            if (line.Length > 0 && line[0] != ' ')
            {
                project = line.Trim();
                continue;
            }

            floor--;
            foreach (string room in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!floors._floors.TryAdd($"{project}/{room}", floor))
                    throw new FormatException($"docs/architecture.md puts the room {project}/{room} on two floors.");
            }
        }

        return floors._floors.Count > 0
            ? floors
            : throw new FormatException("docs/architecture.md has no block ```floors.");
    }

    /// <summary>The rooms that are drawn, such as <c>CnnFast.Kernels/Operators/Pool</c>.</summary>
    public IEnumerable<string> Rooms => _floors.Keys;

    /// <summary>The room of a source file: the deepest drawn folder that holds it, or null where none does.</summary>
    /// <param name="path">The file, from the root of the repository.</param>
    public string? RoomOf(string path)
    {
        string[] parts = path.Split('/');
        if (parts.Length == 3)
            return _floors.ContainsKey($"{parts[1]}/.") ? $"{parts[1]}/." : null;
        for (int end = parts.Length - 1; end > 2; end--)
        {
            string room = string.Join('/', parts[1..end]);
            if (_floors.ContainsKey(room))
                return room;
        }

        return null;
    }

    /// <summary>Whether files of a room may use files of another one of the same project.</summary>
    public bool Allows(string from, string to) => from == to || _floors[from] > _floors[to];
}
