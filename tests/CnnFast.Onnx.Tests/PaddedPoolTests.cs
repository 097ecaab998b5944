using CnnFast.Layers;

namespace CnnFast.Onnx.Tests;

/// <summary>Zeros around images before pooling stay zeros where ONNX Runtime optimises the file.</summary>
public sealed class PaddedPoolTests
{
    private static readonly Dictionary<string, Layer[]> s_layers = new()
    {
        ["maximum"] = [new ZeroPadding2D(1), new MaxPool2D(3, stride: 2)],
        ["maximum behind a leaky ReLU"] = [new LeakyReLU(0.1f), new ZeroPadding2D(1, 0, 2, 1), new MaxPool2D(2)],
        ["maximum with padding of its own"] = [new ZeroPadding2D(1), new MaxPool2D(3, stride: 2, padding: Padding.Explicit(1, 1, 1, 1))],
        ["maximum behind nothing that is left"] = [new Conv2D(3, 1), new ZeroPadding2D(2), new Dropout(0.5f), new MaxPool2D(2)],
        ["average"] = [new ZeroPadding2D(1), new AveragePool2D(3, stride: 2)],
        ["average with padding of its own"] = [new ZeroPadding2D(1),
            new AveragePool2D(3, stride: 2, padding: Padding.Explicit(1, 1, 1, 1))],
        ["average that counts its padding"] = [new ZeroPadding2D(1),
            new AveragePool2D(2, stride: 2, padding: Padding.Explicit(1, 1, 1, 1), countPadding: true)],
    };

    public static TheoryData<string, int, OnnxLayout> Cases()
    {
        var data = new TheoryData<string, int, OnnxLayout>();
        foreach (string name in s_layers.Keys)
        {
            foreach (int opset in (int[])[17, 18, 20, 23])
            {
                data.Add(name, opset, OnnxLayout.Nchw);
                data.Add(name, opset, OnnxLayout.Nhwc);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Zeros_take_part(string name, int opset, OnnxLayout layout) =>
        ExportedNumbers.AreSame(name, new Sequential(s_layers[name]).Build(new Shape(7, 6, 3), seed: 5),
            new OnnxExportOptions { Opset = opset, Layout = layout });
}
