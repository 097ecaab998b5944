using CnnFast.Formats;
using CnnFast.Onnx.Export;
using CnnFast.Onnx.Proto;
using Google.Protobuf;

namespace CnnFast.Onnx;

/// <summary>
/// Models as ONNX files (<see href="https://onnx.ai"/>). Inside the file images are <c>[N, C, H, W]</c> and filters <c>[OC, C/G, KH, KW]</c>;
/// the batch is the symbolic dimension <c>N</c>; inputs and outputs keep their names. Dropout, which does nothing in inference, is left out.
/// </summary>
public static class OnnxModel
{
    /// <summary>Writes a model as an ONNX file. An existing file is replaced when the new one is complete, so that a crash leaves the old one whole.</summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Operator set and layout; the defaults when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">A layer has no ONNX form, or the weights exceed what one file holds; the message names the layer.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Export(Model model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelProto proto = ModelExport.Create(model, options ?? new OnnxExportOptions());
        using AtomicFile file = AtomicFile.Create(path);
        proto.WriteTo(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a model as ONNX to a stream, from its current position; the stream stays open.</summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="options">Operator set and layout; the defaults when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">A layer has no ONNX form, or the weights exceed what one file holds; the message names the layer.</exception>
    /// <exception cref="IOException">The stream failed.</exception>
    public static void Export(Model model, Stream destination, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(destination);
        ModelExport.Create(model, options ?? new OnnxExportOptions()).WriteTo(destination);
    }
}
