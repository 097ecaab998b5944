using System.Text.RegularExpressions;
using CnnFast.Files;
using CnnFast.Storage;

namespace CnnFast.Onnx.Conformance.ModelFiles;

/// <summary>Imported models as model files: they come back to the bit, and what is wrong in a file is one sentence.</summary>
public sealed partial class ImportedModelFileTests(ITestOutputHelper output)
{
    private const long MaxAllocation = 64 << 20;

    [Fact]
    public void Every_model_comes_back_to_the_bit()
    {
        int count = 0;
        var failures = new List<string>();
        foreach (FileCase file in FileCase.All)
        {
            foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
            {
                if (file.ToModel(layout) is not { } model)
                    continue;
                count++;
                if (Difference(model) is { } difference)
                    failures.Add($"{file.Name}, {layout}: {difference}");
            }
        }

        output.WriteLine($"{count} models");
        Assert.Empty(failures);
        Assert.InRange(count, 500, int.MaxValue);
    }

    [Fact]
    public void Damaged_architectures_load_or_are_one_sentence()
    {
        var random = new Random(7);
        var failures = new List<string>();
        int rejected = 0, rounds = 0;
        foreach (FileCase file in FileCase.All)
        {
            if (file.ToModel(OnnxLayout.Nchw) is not { } model)
                continue;
            SafetensorsFile saved = Saved(model);
            for (int i = 0; i < 20; i++)
            {
                rounds++;
                var metadata = new Dictionary<string, string>(saved.Metadata);
                metadata["architecture"] = Damaged(metadata["architecture"], random);
                using var stream = new MemoryStream();
                SafetensorsWriter.Write(stream, saved.Tensors, metadata);
                stream.Position = 0;
                SafetensorsFile damaged = SafetensorsFile.Read(stream, "model.safetensors");
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    RunSmall(ModelFile.Load(damaged));
                }
                catch (DataFormatException e)
                {
                    rejected++;
                    if (!e.Message.EndsWith('.') || e.Message.Length > 1500 || e.Message.Any(char.IsControl))
                        failures.Add($"{file.Name}: {e.Message}");
                }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    failures.Add($"{file.Name}: {e.GetType().Name} {e.Message} {metadata["architecture"]}");
                }

                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                if (allocated > MaxAllocation)
                    failures.Add($"{file.Name}: {allocated} bytes for {metadata["architecture"]}");
            }
        }

        output.WriteLine($"{rejected} of {rounds} rejected");
        Assert.Empty(failures);
        Assert.InRange(rejected, rounds / 4, rounds);
    }

    // What a damaged file computes is anything; it runs, or a session refuses it.
    private static void RunSmall(Model model)
    {
        const long Most = 1 << 20;
        if (model.Layers.Sum(layer => (long)layer.OutputShape.ElementCount) + model.ParameterCount > Most || model.MultiplyAdds > 1 << 24)
            return;
        try
        {
            SessionRun.Run(model, SessionRun.Inputs(model));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static string? Difference(Model model)
    {
        try
        {
            Model back = ModelFile.Load(Saved(model));
            if (!back.Inputs.Select(input => (input.Shape, input.HasBatch))
                .SequenceEqual(model.Inputs.Select(input => (input.Shape, input.HasBatch))))
                return "the inputs differ";
            float[][] inputs = SessionRun.Inputs(model);
            float[][] expected = SessionRun.Run(model, inputs), actual = SessionRun.Run(back, inputs);
            for (int i = 0; i < expected.Length; i++)
            {
                if (!expected[i].Select(BitConverter.SingleToInt32Bits).SequenceEqual(actual[i].Select(BitConverter.SingleToInt32Bits)))
                    return $"output {i} differs";
            }

            return null;
        }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static SafetensorsFile Saved(Model model)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            model.Save(path);
            return SafetensorsFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Numbers, words and lists in other places: most of it is still JSON.
    private static string Damaged(string text, Random random)
    {
        for (int damage = random.Next(1, 4); damage > 0; damage--)
        {
            MatchCollection parts = random.Next(3) == 0 ? Texts().Matches(text) : Values().Matches(text);
            if (parts.Count == 0)
                return text;
            Match part = parts[random.Next(parts.Count)];
            string replacement = random.Next(4) switch
            {
                0 => parts[random.Next(parts.Count)].Value,
                1 => ((string[])["0", "-1", "1", "2", "7", "65536", "2147483647", "-2147483648", "1e39", "true", "[]", "[1]", "\"\"",
                    "null"])[random.Next(14)],
                2 => "",
                _ => $"{random.Next(-2, 9)}",
            };
            text = string.Concat(text.AsSpan(0, part.Index), replacement, text.AsSpan(part.Index + part.Length));
        }

        return text;
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Texts();

    [GeneratedRegex(@"(?<=[:,\[])(-?\d+(\.\d+)?(E[+-]?\d+)?|true|false|\[[^\[\]]*\])")]
    private static partial Regex Values();
}
