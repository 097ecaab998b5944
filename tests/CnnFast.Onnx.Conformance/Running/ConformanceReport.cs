namespace CnnFast.Onnx.Conformance.Running;

/// <summary>A line for each group of cases and each failure in it, appended to the file that CNNFAST_CONFORMANCE_REPORT names.</summary>
internal static class ConformanceReport
{
    private static readonly Lock s_lock = new();

    public static void Append(string group, int passed, IReadOnlyList<string> failures)
    {
        if (Environment.GetEnvironmentVariable("CNNFAST_CONFORMANCE_REPORT") is not { } path)
            return;
        lock (s_lock)
            File.AppendAllText(path,
                $"{group}: {passed}/{failures.Count} passed/failed\n{string.Concat(failures.Select(failure => $"  {failure}\n"))}");
    }
}
