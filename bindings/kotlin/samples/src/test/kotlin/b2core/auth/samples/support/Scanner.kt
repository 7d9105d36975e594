package b2core.auth.samples.support

import b2core.auth.QrMatrix
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.common.GlobalHistogramBinarizer
import com.google.zxing.qrcode.QRCodeReader

/** What a camera sees of a code that is drawn, by a scanner that apps use. */
fun scanned(matrix: QrMatrix): String {
    val side = matrix.side * MODULE
    val pixels = IntArray(side * side) { at ->
        if (matrix.isDark(at % side / MODULE, at / side / MODULE)) BLACK else WHITE
    }
    val picture = BinaryBitmap(GlobalHistogramBinarizer(RGBLuminanceSource(side, side, pixels)))
    // Nothing else is in the picture. To find a code in one is guessing, which can fail.
    return QRCodeReader().decode(picture, mapOf(DecodeHintType.PURE_BARCODE to true)).text
}

/** The pixels of a module's side. */
private const val MODULE = 6
private const val BLACK = 0x000000
private const val WHITE = 0xFFFFFF
