using System.ComponentModel;
using System.Diagnostics;
using CnnFast.Tests;
using CnnFast.Tests.Models;

namespace CnnFast.Onnx.Tests.RoundTrips;

/// <summary>
/// ONNX's own checker, with shape inference, on everything that is exported. Needs Python with the package onnx,
/// such as Debian's python3-onnx.
/// </summary>
public sealed class OnnxCheckerTests
{
    private const string Script = """
        import sys, glob, onnx
        checked = 0
        for path in sorted(glob.glob(sys.argv[1] + '/*.onnx')):
            model = onnx.load(path)
            if model.opset_import[0].version > onnx.defs.onnx_opset_version():
                continue
            onnx.checker.check_model(model, full_check=True)
            checked += 1
        print('checked', checked)
        """;

    [Fact]
    public void The_checker_finds_nothing()
    {
        string? python = ((string[])["python3", "/usr/bin/python3"])
            .FirstOrDefault(name => Run(name, "-c", "import onnx.checker") is { Code: 0 });
        Assert.SkipWhen(python is null, "no python3 with the package onnx is here (Debian: python3-onnx)");
        using var folder = new TemporaryFolder();
        int written = 0;
        foreach (string name in TestModels.Names.Select(row => row.Data))
        {
            foreach (int opset in (int[])[17, 20])
            {
                foreach (OnnxLayout layout in Enum.GetValues<OnnxLayout>())
                {
                    foreach (bool fold in (bool[])[false, true])
                        OnnxModel.Export(TestModels.Build(name), folder[$"{name}-{opset}-{layout}-{fold}.onnx"],
                            new OnnxExportOptions { Opset = opset, Layout = layout, FoldBatchNormalization = fold });
                }
            }

            written += 4;
        }

        (int code, string text) = Run(python!, "-c", Script, folder.FullPath)!.Value;
        Assert.True(code == 0, text);
        int checkedModels = int.Parse(text.Split("checked ")[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(checkedModels, written, 2 * written);
    }

    private static (int Code, string Text)? Run(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
