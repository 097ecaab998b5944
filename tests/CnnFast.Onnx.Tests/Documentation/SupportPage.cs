using System.Globalization;
using System.Text;
using CnnFast.Onnx.Import;
using CnnFast.Onnx.Tests.Training;

namespace CnnFast.Onnx.Tests.Documentation;

/// <summary>Writes docs/onnx-support.md from the table of operators.</summary>
internal static class SupportPage
{
    private const string Start = """
        # ONNX support

        What `OnnxModel.Load` reads. A test writes this page from the importer's own table (`src/CnnFast.Onnx/Import/OperatorTable.cs`)
        and fails where they differ. To write the page anew:

        ```
        CNNFAST_WRITE_DOCS=1 dotnet test -c Release --project tests/CnnFast.Onnx.Tests -- --filter-class "*SupportPageTests"
        ```

        - **Operator sets**: 7 to 23 of the domain `ai.onnx` are tested against ONNX Runtime. Most operators are read with their older
          meanings too, as the tables say. An operator has the meaning of the set that the model names. Other domains are refused.
        - **Elements**: float32, int32, int64, uint8 and bool. Weights of float16, bfloat16 and double are read as float32;
          `OnnxModel.Notes` and `cnnfast inspect` say so.
        - **Half precision**: models run whose weights are float16 and whose inputs and outputs are float32 (`keep_io_types` of
          onnxconverter-common). A Cast to float16 rounds its values as ONNX says. Everything else is computed as float32.
          So results differ from those of float16 arithmetic by its rounding, up to 1/2,048 of a value at every layer,
          and what would exceed 65,504 there does not become infinite. A node that mixes the two types, which ONNX forbids,
          is not refused. Models whose inputs or outputs are float16 are refused.
        - **Shapes**: batch, height and width may be open. The first run of a shape binds them and computes the shape arithmetic.
        - **Weights**: initialisers or Constant nodes; external data in the model's folder.
        - **Constants**: what the tables call constant may be computed by nodes from constants and shapes, as sizes often are.
          It may also be a small input of `OnnxModel.Run`.
        - **Where ONNX Runtime differs**: Resize with `align_corners` and scales that give no whole sizes follows ONNX's own vectors,
          which reckon with the size before it is rounded.
        - **Not supported**: control flow, sequences, maps and optional values, functions of the model's own, quantized and sparse
          tensors, volumes (3-D images), training graphs.

        What is not supported throws a `NotSupportedException` when the model is loaded or bound to shapes. The sentence names the node,
        the operator and the attribute.

        """;

    private const string Training = """

        ## Training

        `Trainer` trains a model of `OnnxModel.ToModel(layout: OnnxLayout.Nhwc)` further. Every operator that changes smoothly with its
        inputs has a gradient; a test trains each of those below. No gradient goes through ArgMax and ArgMin, comparisons and logic,
        Floor, Ceil, Round and Sign, indices, and casts to integers. They may stand beside the way from a parameter to the output, as
        masks do, and anywhere before what is trained. Where the output depends on a trainable parameter through them alone, a
        `NotSupportedException` names the node when the trainer is created: `Model.Freeze` what comes before.
        What depends on shapes alone is computed at load, by whatever operators.

        - **What is trained**: weights and biases, and constants of one number a channel that are added, subtracted, multiplied with or
          divided by (a bias that stands alone, as in a dense layer of MatMul and Add). Each becomes a parameter of a scale and one of a
          shift. The one that the file has is `Trainable`; the other, 1, −1 or 0, is not. Quotients train 1 over the divisor.
          Single numbers, bounds, and constants of other shapes are not trained.
        - **Batch normalisation** runs with the statistics of the batch and changes the moving ones, as in a layer of this library.
          Freeze them to train with those of the file.
        - **Transfer**: `Model.Cut`, `WithHead`, `Freeze`, losses and targets are as for any model: [training.md](training.md). Model files
          keep what is frozen.

        | operator | which uses |
        |---|---|

        """;

    public static string Write(IReadOnlyList<string> vectors)
    {
        int passing = vectors.Count(line => line.EndsWith(": pass", StringComparison.Ordinal));
        var page = new StringBuilder(Start.ReplaceLineEndings("\n"));
        int all = vectors.Count(line => !line.StartsWith('#'));
        page.Append(CultureInfo.InvariantCulture,
            $"\nOf the {all} test vectors of ONNX 1.12 (node, pytorch-converted, pytorch-operator, simple) {passing} pass.\n");
        page.Append("The others are listed with their reasons in `tests/CnnFast.Onnx.Conformance/Vectors/vectors.txt`.\n");
        foreach ((string family, IReadOnlyList<OperatorEntry> operators) in OperatorTable.Families)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {family}\n\n| operator | operator sets | limits |\n|---|---|---|\n");
            foreach (OperatorEntry entry in operators.OrderBy(entry => entry.Name, StringComparer.Ordinal))
                page.Append(CultureInfo.InvariantCulture, $"| {entry.Name} | {entry.Since} to {entry.Until} | {entry.Limits} |\n");
        }

        page.Append(Training.ReplaceLineEndings("\n"));
        foreach (TrainedOperator trained in TrainedOperator.All.OrderBy(trained => trained.Name, StringComparer.Ordinal))
            page.Append("| ").Append(trained.Name).Append(" | ").Append(trained.Uses).Append(" |\n");
        return page.ToString();
    }
}
