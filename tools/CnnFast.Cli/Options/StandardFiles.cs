using CnnFast.Files;

namespace CnnFast.Cli;

/// <summary>Files of which one may be <c>-</c>: standard input or output.</summary>
internal static class StandardFiles
{
    /// <summary>The name of standard input and output.</summary>
    public const string Dash = "-";

    /// <summary>Throws where standard input is asked for more than once.</summary>
    /// <exception cref="InputException">It is.</exception>
    public static void RequireOneInput(string option, IEnumerable<string> paths)
    {
        if (paths.Count(path => path == Dash) > 1)
            throw new InputException($"{option} gives '-' more than once; expected standard input for one of them.");
    }

    /// <summary>Throws where both an array and the result as JSON or CSV would go to standard output.</summary>
    /// <exception cref="InputException">They would.</exception>
    public static void RequireFreeOutput(string option, IEnumerable<string> paths, bool json)
    {
        if (json && paths.Contains(Dash))
            throw new InputException($"{option} is '-', and --format writes to standard output too; expected one of the two.");
    }

    /// <summary>Reads an array.</summary>
    public static NpyArray ReadNpy(CommandHost host, string path)
    {
        if (path != Dash)
            return NpyFile.Read(path);
        using Stream stream = host.OpenInput();
        return NpyFile.Read(new MemoryStream(ReadAll(stream)), "standard input");
    }

    /// <summary>Reads a whole file.</summary>
    public static byte[] ReadBytes(CommandHost host)
    {
        using Stream stream = host.OpenInput();
        return ReadAll(stream);
    }

    /// <summary>Writes an array.</summary>
    public static void WriteNpy(CommandHost host, string path, Shape shape, ReadOnlySpan<float> data)
    {
        if (path != Dash)
        {
            NpyFile.Write(path, shape, data);
            return;
        }

        using Stream stream = host.OpenOutput();
        NpyFile.Write(stream, shape, data);
        stream.Flush();
    }

    /// <summary>Reads what takes the path of a file.</summary>
    public static T Read<T>(CommandHost host, string path, Func<string, T> read)
    {
        if (path != Dash)
            return read(path);
        string copy = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(copy, ReadBytes(host));
            return read(copy);
        }
        catch (Exception exception) when (exception is DataFormatException or InputException
            && exception.Message.Contains($"'{copy}'", StringComparison.Ordinal))
        {
            throw new InputException(exception.Message.Replace($"'{copy}'", "Standard input", StringComparison.Ordinal), exception);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Writes what takes the path of a file.</summary>
    public static void Write(CommandHost host, string path, Action<string> write)
    {
        if (path != Dash)
        {
            write(path);
            return;
        }

        string copy = Path.GetTempFileName();
        try
        {
            write(copy);
            using Stream stream = host.OpenOutput();
            stream.Write(File.ReadAllBytes(copy));
            stream.Flush();
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
